"""A call in Python: `messages=[...]`, or a dictionary that holds them. It is read, and never run."""

import ast
from collections.abc import Iterator

from .chat_json import from_messages
from .imported import Imported, Unreadable

# A syntax tree takes a thousand bytes for each of these.
MOST_MARKS = 100_000
MARKS = ",([{+.:\n"

Found = tuple[ast.expr, list[str]]


def read_python(code: str) -> Imported:
    """Raises Unreadable."""
    if sum(code.count(mark) for mark in MARKS) > MOST_MARKS:
        raise Unreadable("This is too much code to read. Paste the call alone.")
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        raise Unreadable(
            "This is neither JSON, nor a cURL command, nor Python: a prompt of ours as JSON, "
            '{"messages": [...]}, or a call of a chat completion is understood.'
        ) from None
    except (RecursionError, MemoryError):
        raise Unreadable("This code is nested too deep.") from None
    found = next(_calls(tree), None) or next(_dictionaries(tree), None)
    if found is None:
        raise Unreadable("No call with messages is in this code.")
    return from_messages(_value(found[0], tree), found[1])


def _calls(tree: ast.Module) -> Iterator[Found]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            if "messages" in named:
                yield named.pop("messages"), list(named)


def _dictionaries(tree: ast.Module) -> Iterator[Found]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            items = zip(node.keys, node.values, strict=True)
            named = {
                key.value: value
                for key, value in items
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            if "messages" in named:
                yield named.pop("messages"), list(named)


class _Texts(ast.NodeTransformer):
    """A name that was given a text stands for that text."""

    def __init__(self, given: dict[str, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.given.get(node.id)
        return value if isinstance(value, ast.Constant) and isinstance(value.value, str) else node


def _given(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _value(node: ast.expr, tree: ast.Module) -> list[object]:
    given = _given(tree)
    if isinstance(node, ast.Name):
        node = given.get(node.id, node)
    try:
        value = ast.literal_eval(_Texts(given).visit(node))
    except (ValueError, TypeError, SyntaxError):
        raise Unreadable(
            "Its messages hold something that only running the code could tell, such as a variable. "
            "Put the text in its place."
        ) from None
    except (RecursionError, MemoryError):
        raise Unreadable("This code is nested too deep.") from None
    if not isinstance(value, (list, tuple)):
        raise Unreadable("Its messages are no list.")
    return list(value)

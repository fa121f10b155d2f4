"""Nodes with parents, as a file tells them, become a tree whose parents come before their children. PURE.

What cannot be is mended and told: a second message of the same id, a parent that is not there, a circle. Each step
takes the same time for each node, and none calls itself: a chain may be as long as it likes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .talk import Said

TWICE = "Two messages had the same id: the second one got another."
ORPHAN = "A message hung on one that is not in the file, and stands at the beginning now."
CIRCLE = "Messages hung on one another in a circle, which was cut."
NO_CHILD = "A message named an answer that is not in the file."


@dataclass(slots=True)
class Node:
    """What the file says of a place in the tree. Without `said` nothing stands there: its children move up.

    `children` are ids in the order in which the file shows the alternatives, where it tells one.
    """

    key: str
    parent: str | None
    said: list[Said] = field(default_factory=list)
    children: Sequence[Any] = ()


def arranged(nodes: Iterable[Node], tip: str | None, notices: list[str]) -> tuple[list[Said], str | None]:
    """The messages, parents first, and the key of the last one of the branch that ends at this node.

    A node may have made several messages, one below another (a call of a tool and what it gave).
    """
    found = _by_key(nodes, notices)
    order = _downwards(found, notices)
    messages: list[Said] = []
    # The last message that stands at or above a node.
    at: dict[str, str | None] = {}
    for node, parent in order:
        above = at[parent] if parent is not None else None
        for number, said in enumerate(node.said):
            said.key, said.parent = (node.key if number == 0 else f"{node.key}\n{number}"), above
            above = said.key
            messages.append(said)
        at[node.key] = above
    return messages, at.get(tip) if tip is not None else None


def _by_key(nodes: Iterable[Node], notices: list[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for number, node in enumerate(nodes):
        if node.key in found:
            notices.append(TWICE)
            node.key = f"{node.key}\n#{number}"
        found[node.key] = node
    return found


def _downwards(found: dict[str, Node], notices: list[str]) -> list[tuple[Node, str | None]]:
    """Each node once, with its parent before it. What only hangs in a circle begins where the file names it first."""
    parents = {key: _parent_of(node, found, notices) for key, node in found.items()}
    children: dict[str | None, dict[str, None]] = {key: {} for key in found}
    children[None] = {}
    for key, node in found.items():
        for child in node.children:
            if not isinstance(child, str) or child not in found:
                notices.append(NO_CHILD)
            elif parents[child] == key:
                children[key][child] = None
    for key, parent in parents.items():
        children[parent].setdefault(key)
    done: dict[str, str | None] = {}
    _walk(list(children[None]), children, done)
    for key in found:
        if key not in done:
            notices.append(CIRCLE)
            _walk([key], children, done)
    return [(found[key], parent) for key, parent in done.items()]


def _walk(roots: list[str], children: dict[str | None, dict[str, None]], done: dict[str, str | None]) -> None:
    """Depth first, so that `done` has all below a node right behind it."""
    waiting: list[tuple[str, str | None]] = [(root, None) for root in reversed(roots)]
    while waiting:
        key, parent = waiting.pop()
        if key not in done:
            done[key] = parent
            waiting.extend((child, key) for child in reversed(children[key]))


def _parent_of(node: Node, found: dict[str, Node], notices: list[str]) -> str | None:
    if node.parent is None:
        return None
    if node.parent == node.key:
        notices.append(CIRCLE)
        return None
    if node.parent not in found:
        notices.append(ORPHAN)
        return None
    return node.parent

"""What every reader of a format makes messages of. PURE."""

import json
from typing import Any

from .cleaning import words
from .talk import Said, Talk

Notices = list[str]


def text_part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def image_part(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def call(id: str, name: str, arguments: Any) -> dict[str, Any]:
    """A call of a function. Its arguments are the text of a JSON object, whatever they were."""
    if isinstance(arguments, str) and not is_object(arguments):
        arguments = {"input": arguments} if arguments else {}
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"id": id, "type": "function", "function": {"name": name, "arguments": written}}


def is_object(text: str) -> bool:
    try:
        return text.lstrip().startswith("{") and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def objects(value: Any) -> list[dict[str, Any]]:
    """Those of a list that are objects."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def strings(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def name_of(value: Any, longest: int = 60) -> str:
    """What a file calls something, short enough for a sentence."""
    return words(value)[:longest] or "without a name"


def text_of(content: Any) -> str:
    """Of content that is a text, or a list of texts and of parts with a text."""
    if isinstance(content, str):
        return content
    pieces = content if isinstance(content, list) else [content]
    return "".join(each if isinstance(each, str) else words(table(each).get("text")) for each in pieces)


def take_system_prompt(talk: Talk) -> None:
    """A conversation that begins with a system message and goes on from it alone has a system prompt."""
    if not talk.messages or talk.messages[0].role != "system" or talk.system_prompt:
        return
    first = talk.messages[0]
    roots = sum(said.parent is None for said in talk.messages)
    if roots > 1 or first.muted or any(part.get("type") != "text" for part in first.parts):
        return
    talk.system_prompt = text_of(first.parts)
    for said in talk.messages:
        if said.parent == first.key:
            said.parent = None
    del talk.messages[0]
    if talk.tip == first.key:
        talk.tip = None


def in_a_row(messages: list[Said]) -> None:
    """One below the other, as they came."""
    above: str | None = None
    for number, said in enumerate(messages):
        said.key, said.parent = str(number), above
        above = said.key


def name_calls(messages: list[Said]) -> None:
    """Tell each result of a tool, where it does not know, which call above it was for. Parents come first."""
    waiting: dict[str, list[str]] = {}
    for said in messages:
        left = waiting.get(said.parent or "", [])
        if said.tool_calls:
            left = [words(each.get("id")) for each in said.tool_calls]
        elif said.role == "tool":
            said.tool_call_id = said.tool_call_id or (left[0] if left else "")
            # Several results of one call name it all.
            left = left[1:] if len(left) > 1 else left
        else:
            left = []
        waiting[said.key] = left


def settings_of(given: dict[str, Any]) -> dict[str, Any]:
    """What is set: a setting that is null or empty was not."""
    return {name: value for name, value in given.items() if value not in (None, "", [], {})}

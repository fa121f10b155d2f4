"""ShareGPT, as data sets have it: `conversations` of turns `from` somebody with a `value`. PURE."""

import json
from typing import Any

from .cleaning import words
from .pieces import (
    Notices,
    call,
    in_a_row,
    name_calls,
    name_of,
    objects,
    table,
    take_system_prompt,
    text_part,
)
from .talk import Said, Talk

NAME = "sharegpt"
LABEL = "ShareGPT"

ROLES = {
    "human": "user", "user": "user", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant",
    "bard": "assistant", "assistant": "assistant", "model": "assistant", "system": "system", "tool": "tool",
    "observation": "tool", "function_response": "tool", "function_call": "assistant",
}  # fmt: skip
KNOWN = {"id", "title", "name", "conversations", "conversation", "system", "model"}


def fits(value: Any) -> bool:
    turns = turns_of(value)
    return (
        isinstance(turns, list)
        and bool(turns)
        and any("from" in each and "value" in each for each in objects(turns))
    )


def turns_of(value: Any) -> Any:
    return table(value).get("conversations", table(value).get("conversation"))


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    turns = turns_of(value)
    messages = [said_of(each, notices) for each in objects(turns)]
    if len(messages) < len(turns):
        notices.append("Something among the turns was none, and was left out.")
    in_a_row(messages)
    for name in sorted(set(value) - KNOWN):
        notices.append(f"The field {name_of(name)} was left out.")
    talk = Talk(
        title=words(value.get("title")) or words(value.get("name")),
        system_prompt=words(value.get("system")),
        model=words(value.get("model")),
        messages=messages,
        tip=messages[-1].key if messages else None,
        notices=notices,
    )
    take_system_prompt(talk)
    name_calls(talk.messages)
    return talk


def said_of(turn: dict[str, Any], notices: Notices) -> Said:
    who, text = words(turn.get("from")), turn.get("value")
    if who not in ROLES:
        notices.append(f"A turn of “{name_of(who)}” stands as one of the user.")
    if not isinstance(text, str):
        notices.append("A turn had no text.")
    said = Said("", None, ROLES.get(who, "user"))
    if who == "function_call":
        made = name_and_arguments(words(text))
        said.tool_calls = [call("call-0", *made)]
    else:
        said.parts = [text_part(words(text))]
    for name in sorted(set(turn) - {"from", "value"}):
        notices.append(f"The field {name_of(name)} of a turn was left out.")
    return said


def name_and_arguments(text: str) -> tuple[str, Any]:
    """Of a call that is written as JSON."""
    try:
        made = table(json.loads(text))
    except (ValueError, RecursionError):
        made = {}
    return (words(made["name"]), made.get("arguments", {})) if "name" in made else ("function", text)

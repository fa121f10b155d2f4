"""Temporary chats: the browser holds what was said, and the server keeps nothing of it, unless it is asked to."""

import json
import re
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from chat.forms import WrittenText
from chat.models import Conversation, Message, Role
from chat.models.branch import Turn, Turns
from chat.models.identifiers import new_id
from chat.models.message import text_of
from chat.titles import title_from

NOT_READABLE = "This page sent something else than a conversation. Reload it."
ROLES = (Role.USER, Role.ASSISTANT)
# What stands in a part of this kind under its own name.
PARTS: dict[str, type] = {
    "text": str, "refusal": str, "image_url": dict, "video_url": dict, "input_audio": dict, "file": dict,
}  # fmt: skip
LONGEST_TALK = 4_000
LONGEST_NAME = 300
# As JSON writes it, where the backslash itself is not escaped.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class TalkForm(forms.Form):
    """What was said so far, as the page has it: `[{"role", "parts", "tool_calls", "reasoning", "model"}, …]`."""

    said = WrittenText(error_messages={"required": "Write something first."})

    def clean_said(self) -> list[dict[str, Any]]:
        try:
            said = json.loads(self.cleaned_data["said"])
            if not isinstance(said, list) or not 0 < len(said) <= LONGEST_TALK:
                raise ValueError
            return [turn_from(turn) for turn in said]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValidationError(NOT_READABLE) from None

    @property
    def turns(self) -> Turns:
        return [Turn(turn["role"], turn["parts"], turn["tool_calls"]) for turn in self.cleaned_data["said"]]


def turn_from(turn: Any) -> dict[str, Any]:
    """Raises ValueError, TypeError or KeyError where it is none."""
    if turn["role"] not in ROLES:
        raise ValueError
    parts, calls = turn["parts"], turn.get("tool_calls", [])
    if not (isinstance(parts, list) and all(map(is_part, parts))):
        raise ValueError
    if not (isinstance(calls, list) and all(map(is_call, calls))):
        raise ValueError
    told = {name: str(turn.get(name, "")) for name in ("reasoning", "model")}
    refuse_unstorable(turn)
    return {"role": turn["role"], "parts": parts, "tool_calls": calls, **told}


def is_part(part: Any) -> bool:
    """Of a shape that the page and every export can show."""
    kind = part["type"]
    return isinstance(kind, str) and (kind not in PARTS or isinstance(part[kind], PARTS[kind]))


def is_call(call: Any) -> bool:
    function = call["function"]
    words = (call.get("id", ""), function["name"], function["arguments"])
    return all(isinstance(each, str) for each in words)


def refuse_unstorable(value: Any) -> None:
    """No database takes NaN, PostgreSQL no NUL, and no UTF-8 half of a surrogate pair; nor is anything that somebody
    said very deep. Raises ValueError or TypeError."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    # This one refuses more than 254 levels.
    orjson.dumps(value)
    if NUL.search(written):
        raise ValueError


@transaction.atomic
def keep(conversation: Conversation, said: list[dict[str, Any]]) -> None:
    """It is a conversation like any other from now on."""
    first = next((turn for turn in said if turn["role"] == Role.USER), said[0])
    conversation.title = title_from(text_of(first["parts"]))
    conversation.save()
    messages: list[Message] = []
    for turn in said:
        messages.append(
            Message(
                id=new_id(),
                conversation=conversation,
                parent=messages[-1] if messages else None,
                role=turn["role"],
                parts=turn["parts"],
                tool_calls=turn["tool_calls"],
                reasoning=turn["reasoning"],
                imported_facts={"model": turn["model"][:LONGEST_NAME]} if turn["model"] else None,
            )
        )
    Message.objects.bulk_create(messages)
    conversation.show(messages[-1])

"""Temporary chats: the browser holds what was said, and the server keeps nothing of it, unless it is asked to."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from chat.forms import WrittenText
from chat.models import Conversation, Message, Role
from chat.models.branch import Turn, Turns
from chat.models.identifiers import new_id
from chat.titles import title_from

NOT_READABLE = "This page sent something else than a conversation. Reload it."
ROLES = (Role.USER, Role.ASSISTANT)
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
    if not all(isinstance(part["type"], str) for part in parts) or not isinstance(parts, list):
        raise ValueError
    if not all(isinstance(part["text"], str) for part in parts if part["type"] == "text"):
        raise ValueError
    if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
        raise ValueError
    told = {name: str(turn.get(name, "")) for name in ("reasoning", "model")}
    refuse_unstorable(turn)
    return {"role": turn["role"], "parts": parts, "tool_calls": calls, **told}


def refuse_unstorable(value: Any) -> None:
    """PostgreSQL takes no NUL, and no half of a surrogate pair. Raises ValueError."""
    written = json.dumps(value, ensure_ascii=False)
    written.encode()
    if NUL.search(written):
        raise ValueError


@transaction.atomic
def keep(conversation: Conversation, said: list[dict[str, Any]]) -> None:
    """It is a conversation like any other from now on."""
    first = next((turn for turn in said if turn["role"] == Role.USER), said[0])
    conversation.title = title_from("".join(part.get("text", "") for part in first["parts"]))
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

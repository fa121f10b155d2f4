"""Conversations of every kind, and the way of a file: out, in again, out once more."""

import json
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model

from chat.exports.own import write
from chat.exports.selection import everything
from chat.imports.files import Source
from chat.imports.storing import store
from chat.models import Conversation, Generation, Message, Status, Transfer

NOTHING: dict[str, Any] = {"format": "playground", "version": 1, "conversations": [], "comparisons": []}


def exported(owner: Any) -> str:
    return "".join(write(everything(owner)))


def imported(owner: Any, text: str) -> Transfer:
    """By the way that an uploaded file takes."""
    nothing = json.loads(text) == NOTHING
    entries = () if nothing else Source(BytesIO(text.encode())).entries()
    return store(owner, (entry for _, entry in entries))


def somebody_else() -> Any:
    users = get_user_model().objects
    return users.create_user(f"reader-{users.count()}", email="reader@example.test")


def said(
    conversation: Conversation, role: str, text: str = "", parent: Message | None = None, **more: Any
) -> Message:
    parts = more.pop("parts", [{"type": "text", "text": text}] if text else [])
    return Message.objects.create(conversation=conversation, role=role, parent=parent, parts=parts, **more)


def asked(conversation: Conversation, model: str = "scripted", **more: Any) -> Generation:
    """A call with a request that is more than its messages."""
    request = {
        "model": model, "messages": [{"role": "user", "content": "Well?"}], "temperature": 0.7, "stream": True,
        "response_format": {"zeta": 1, "alpha": [1.0, 1e16, 1e-7]},
    }  # fmt: skip
    given = {
        "owner": conversation.owner, "conversation": conversation, "model": model, "provider_name": "Scripted",
        "url": "https://secret-host.example.test/v1/chat/completions", "status": Status.FINISHED, "request": request,
        "usage": {"prompt_tokens": 3, "completion_tokens": 4}, "cost": 0.1 + 0.2, "answered_model": f"{model}-2",
        "timings": {"called": 0.0, "first_token": 1.25, "ended": 1e3}, "request_id": "req-1",
    }  # fmt: skip
    return Generation.objects.create(**(given | more))

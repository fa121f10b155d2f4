"""Entries of the history, and what is done to them as the page does it."""

from typing import Any
from uuid import uuid4

from django.test import Client

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, HistoryAct, Message

from .asking import HTMX


def talk(user: Any, title: str = "A talk", **fields: Any) -> Conversation:
    conversation = Conversation.objects.create(owner=user, title=title, **fields)
    conversation.show(Message.objects.create(conversation=conversation, role="user"))
    return Conversation.objects.get(pk=conversation.pk)


def compared(user: Any, title: str = "Compared") -> Comparison:
    return compare(user, [Conversation(owner=user), Conversation(owner=user)], title)


def do(client: Client, act: str, *rows: Any, **form: Any) -> Any:
    """As the page does it, under an id of its own."""
    form = {"command": uuid4(), "act": act, "entries": ",".join(str(row.pk) for row in rows), **form}
    return client.post("/history/acts/", form, headers=HTMX)


def undo(client: Client) -> Any:
    newest = HistoryAct.objects.latest("created_at")
    return client.delete(f"/history/acts/{newest.pk}/", headers=HTMX)


def state() -> list[Any]:
    """All that an act may change."""
    fields = ("pk", "archived", "pinned", "folder_id", "deleted_at", "title", "notes", "active_at")
    rows = [list(kind.objects.order_by("pk").values(*fields)) for kind in (Conversation, Comparison)]
    tags = [sorted(kind.tags.through.objects.values_list(f"{name}_id", "tag_id")) for kind, name in (
        (Conversation, "conversation"), (Comparison, "comparison"))]  # fmt: skip
    return [*rows, *tags]

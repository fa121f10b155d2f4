"""Conversations to take snapshots of, and a snapshot as its reader sees it."""

from typing import Any

from django.utils import timezone

from chat.models import Conversation, Message, Role
from chat.models.message import text_part
from chat.sharing.options import Options
from chat.sharing.reading import page_of
from chat.sharing.snapshot import take


def say(
    talk: Conversation, parent: Message | None, text: str, role: str = Role.USER, **columns: Any
) -> Message:
    return Message.objects.create(
        conversation=talk, parent=parent, role=role, parts=[text_part(text)] if text else [], **columns
    )


def page(talk: Conversation, options: Options, at: str = "") -> Any:
    return page_of(take(Conversation.objects.get(pk=talk.pk), options, timezone.now()).snapshot, at)


def texts(talk: Conversation, options: Options, at: str = "") -> list[str]:
    return [turn.text for turn in page(talk, options, at).panes[0].turns]

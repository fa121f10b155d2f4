"""Conversations of messages that say nothing: only where they stand matters."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chat.models import Conversation, Message


def ids(messages: Sequence[Message]) -> list[UUID]:
    return [message.pk for message in messages]


def say(conversation: Conversation, parent: Message | None) -> Message:
    message = Message.objects.create(conversation=conversation, parent=parent, role="user", parts=[])
    conversation.show(message)
    return message


def talk(user: Any, length: int) -> tuple[Conversation, list[Message]]:
    conversation = Conversation.objects.create(owner=user)
    messages: list[Message] = []
    for _ in range(length):
        messages.append(say(conversation, messages[-1] if messages else None))
    return conversation, messages

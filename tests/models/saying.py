"""Messages of a conversation, row by row, and what it shows of them."""

from typing import Any

from chat.models import Conversation, Message, Role
from chat.models.branch import newest_leaf, path_to
from chat.models.message import text_part


def say(conversation: Conversation, text: str, parent: Message | None = None, **fields: Any) -> Message:
    role = fields.pop("role", Role.USER)
    return Message.objects.create(
        conversation=conversation, parent=parent, role=role, parts=[text_part(text)], **fields
    )


def talk(conversation: Conversation, *words: str) -> list[Message]:
    """One below the other, all of it shown."""
    said: list[Message] = []
    for word in words:
        said.append(say(conversation, word, said[-1] if said else None))
    conversation.show(said[-1])
    return said


def shown(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return " ".join(message.text for message in path_to(conversation.tip_id))


def through(message: Message) -> str:
    """The branch that one gets by choosing this alternative."""
    return " ".join(each.text for each in path_to(newest_leaf(message.pk)))


def fresh(message: Message) -> Message:
    return Message.objects.select_related("conversation").get(pk=message.pk)

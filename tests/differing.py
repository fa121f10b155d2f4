"""Answers to lay beside one another."""

from typing import Any

from chat.differences import between
from chat.models import Conversation, Generation, Message, Role
from chat.models.message import text_part


def body(model: str = "scripted", question: str = "Why?", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": question}], **more}


def asked(conversation: Conversation, text: str = "Why?") -> Message:
    return Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part(text)])


def answered(
    conversation: Conversation,
    text: str = "Because.",
    request: Any = None,
    below: Message | None = None,
    **more: Any,
) -> Message:
    """The last message of its conversation, and the call that made it."""
    call = {
        name: more.pop(name)
        for name in ("status", "timings", "usage", "cost", "url", "provider_name")
        if name in more
    }
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model=conversation.model, request=request or body(),
        **{"status": "finished", **call},
    )  # fmt: skip
    message = Message.objects.create(
        conversation=conversation, parent=below or asked(conversation), role=Role.ASSISTANT, generation=generation,
        parts=[text_part(text)], finish_reason="stop", **more,
    )  # fmt: skip
    conversation.show(message)
    return message


def alternatives(conversation: Conversation, *texts: str) -> list[Message]:
    question = asked(conversation)
    return [answered(conversation, text, below=question) for text in texts]


def shown(a: Message, b: Message) -> dict[str, Any]:
    fresh = Message.objects.select_related("conversation")
    return between(a.conversation.owner, *(fresh.get(pk=message.pk) for message in (a, b)))

"""Comparisons with answers in them, without anybody being asked."""

from collections.abc import Sequence
from typing import Any

from chat.comparisons.panes import compare, numbered
from chat.models import Comparison, Conversation, Generation, Message, Pane, Provider, Role
from chat.models.message import text_part


def of_models(owner: Any, provider: Provider, *models: str, **fields: Any) -> Comparison:
    return compare(
        owner, [Conversation(owner=owner, provider=provider, model=model, **fields) for model in models]
    )


def answer(pane: Pane, text: str = "Words", status: str = "finished", **fields: Any) -> Message:
    """What its model said, to what was asked."""
    conversation = pane.conversation
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model=conversation.model, status=status,
        provider=conversation.provider, provider_name="Scripted",
    )  # fmt: skip
    question = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part("Well?")])
    message = Message.objects.create(
        conversation=conversation, role=Role.ASSISTANT, parent=question, generation=generation,
        parts=[text_part(text)] if text else [], **fields,
    )  # fmt: skip
    conversation.show(message)
    return message


def answered(comparison: Comparison) -> list[Pane]:
    panes = numbered(comparison)
    for pane in panes:
        answer(pane)
    return panes


def say(conversation: Conversation, text: str, role: Role = Role.USER, **fields: Any) -> Message:
    """At the end of what is shown."""
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role=role, parts=[text_part(text)], **fields
    )
    conversation.show(message)
    return message


def ask(conversation: Conversation, question: str, said: str, *, sent: Sequence[str] = ()) -> Message:
    """A question and its answer; `sent` is what the request held, if not what it should."""
    say(conversation, question)
    request = {"messages": [{"role": "user", "content": text} for text in sent or [question]]}
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="finished", request=request
    )
    return say(conversation, said, Role.ASSISTANT, generation=call)

"""A copy of what a conversation shows: a conversation of its own, with the same settings and the same words."""

from collections.abc import Collection
from copy import deepcopy
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from .branch import path_to
from .conversation import Conversation
from .generation import Generation, Status
from .identifiers import new_id
from .message import Message, Role

COPIED = ("system_prompt", "provider", "model", "settings", "prompt_version", "variables", "budget")
TO_HAND_DOWN = ("conversation", "copy_of__generation", "copy_of__choice")
WORDS = (
    "role",
    "parts",
    "reasoning",
    "tool_calls",
    "tool_call_id",
    "finish_reason",
    "original",
    "continues",
    "muted",
    "imported_facts",
)


def copy_settings(source: Conversation, **changes: object) -> Conversation:
    """A new conversation with the same model, prompt and settings, not stored yet. Nothing has been said in it."""
    values = {name: getattr(source, name) for name in COPIED}
    values |= {name: deepcopy(values[name]) for name in ("settings", "variables")}
    return Conversation(owner=source.owner, **{"title": source.title, **values, **changes})


def copy_words(tip_id: UUID | None, conversation: Conversation) -> None:
    """The branch that ends here becomes what this conversation shows. What is still being written stays behind.

    A copied answer knows the call that made the first one, and that call is not counted again.
    """
    tip: Message | None = None
    copies: list[Message] = []
    for message in path_to(tip_id):
        if message.status == Status.RUNNING:
            continue
        tip = copied(message, conversation=conversation, parent=tip)
        copies.append(tip)
    Message.objects.bulk_create(copies)
    conversation.show(tip)


def copied(message: Message, **place: object) -> Message:
    """Not stored yet. An answer knows the call that made the first one."""
    first = message.copy_of or message if message.role == Role.ASSISTANT else None
    words = {name: getattr(message, name) for name in WORDS}
    return Message(id=new_id(), copy_of=first, **{**words, **place})


def hand_down(dying: Collection[UUID]) -> None:
    """Before these conversations go for good: the first copy of an answer takes over the call that made it, and the
    other copies are copies of that one from then on."""
    copies = Message.objects.filter(copy_of__conversation__in=dying).exclude(conversation__in=dying)
    heirs: dict[UUID, Message] = {}
    for copy in copies.select_related("copy_of").only(*TO_HAND_DOWN).order_by("pk"):
        original = copy.copy_of
        assert original
        if heir := heirs.get(original.pk):
            copy.copy_of = heir
        else:
            heirs[original.pk] = copy
            Message.objects.filter(pk=original.pk).update(generation=None)
            copy.generation_id, copy.choice, copy.copy_of = original.generation_id, original.choice, None
        copy.save(update_fields=["generation", "choice", "copy_of"])
    # The answers of one call may stand in several conversations by now: it lives as long as any of them.
    elsewhere = (
        Message.objects.filter(generation=OuterRef("pk")).exclude(conversation__in=dying).order_by("pk")
    )
    calls = Generation.objects.filter(Exists(elsewhere), conversation__in=dying)
    calls.update(conversation=Subquery(elsewhere.values("conversation")[:1]))

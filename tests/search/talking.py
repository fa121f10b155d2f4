"""Conversations to search in, made row by row."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chat.models import Conversation, Document, Generation, Message
from chat.models.message import text_part
from chat.query.language import parse
from chat.search import walking
from chat.search.filters import plan_of
from chat.search.indexing import catch_up

BEGINNING = datetime(2026, 9, 1, 12, tzinfo=UTC)

# A kind of document and what it is of.
Key = tuple[str, Any]


def talk(owner: Any, *texts: str, **fields: Any) -> Conversation:
    """Questions and answers by turns, an hour between each and the next."""
    conversation = Conversation.objects.create(owner=owner, **{"title": "A talk", **fields})
    tip = None
    for number, text in enumerate(texts):
        at = BEGINNING + timedelta(hours=number)
        role = "assistant" if number % 2 else "user"
        tip = say(conversation, text, role=role, parent=tip, created_at=at)
    conversation.show(tip)
    return conversation


def say(conversation: Conversation, text: str, **fields: Any) -> Message:
    return Message.objects.create(
        conversation=conversation, **{"role": "user", "parts": [text_part(text)], **fields}
    )


def answer(conversation: Conversation, text: str, call: dict[str, Any], **fields: Any) -> Message:
    given = {"model": "m", "provider_name": "P", "status": "finished", **call}
    generation = Generation.objects.create(owner=conversation.owner, conversation=conversation, **given)
    return say(conversation, text, role="assistant", generation=generation, **fields)


def keys_found(user: Any, text: str, on_a_page: int = 1000) -> list[Key]:
    """Every document that a query finds, page by page, newest first."""
    catch_up(user, 10_000)
    plan = plan_of(user, parse(text))
    ids: list[int] = []
    while not plan.impossible:
        page = walking.newest(plan, [], ids[-1] if ids else None, on_a_page)
        ids += [id for id, _, _ in page]
        if len(page) < on_a_page:
            break
    documents = Document.objects.in_bulk(ids)
    return [
        (documents[id].kind, documents[id].message_id or documents[id].conversation_id or documents[id].comparison_id)
        for id in ids
    ]  # fmt: skip


def texts_found(user: Any, text: str) -> list[str]:
    of = Message.objects.in_bulk([id for kind, id in keys_found(user, text) if kind == "message"])
    return sorted(message.text for message in of.values())

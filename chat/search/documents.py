"""Which documents there are of a conversation, a comparison or a message, and what is known of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from chat.models import Comparison, Conversation, Kind, Message, Role, Status
from chat.query.words import passages_of

# Ids are milliseconds, and 22 bits that tell apart what happened in the same one.
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_BITS = 22
LARGEST = 1e9  # dollars, or tokens, of one call
_MOST = (1 << 63 - _BITS) - 2


@dataclass(slots=True)
class Found:
    """A document before it is stored. `facets` are kinds and values, `known` other things that filters ask for."""

    at: datetime
    kind: Kind
    text: str
    conversation: UUID | None = None
    comparison: UUID | None = None
    message: UUID | None = None
    role: str = ""
    passage: int = 0
    model: str = ""
    cost: float | None = None
    tokens: int | None = None
    facets: list[tuple[str, str]] = field(default_factory=list)
    has: list[str] = field(default_factory=list)

    @property
    def first_id(self) -> int:
        """The id that it has if no other has it."""
        source = self.message or self.conversation or self.comparison
        assert source
        name = f"{source} {self.kind.value} {self.passage}"
        return first_id_at(self.at) + crc32(name.encode()) % (1 << _BITS)


def first_id_at(moment: datetime) -> int:
    """No document of this moment or a later one has a lower id."""
    since = int((moment - _BEGINNING).total_seconds() * 1000)
    return max(-_MOST, min(_MOST, since)) << _BITS


def moment_of(id: int) -> datetime:
    return _BEGINNING + timedelta(milliseconds=id >> _BITS)


def of_conversation(row: Conversation) -> Iterator[Found]:
    """What the entry of the history says. A pane has only its system prompt, and a blind one hides that."""
    if row.listed:
        yield from _of_entry(row)
    if row.system_prompt and not row.blind:
        yield from _passages(
            Found(row.created_at, Kind.SYSTEM, row.system_prompt, conversation=row.pk, role=Role.SYSTEM)
        )


def of_comparison(row: Comparison) -> Iterator[Found]:
    yield from _of_entry(row)


def _of_entry(row: Conversation | Comparison) -> Iterator[Found]:
    conversation, comparison = (None, row.pk) if row.is_comparison else (row.pk, None)
    if row.title:
        yield Found(row.created_at, Kind.TITLE, row.title, conversation, comparison)
    if row.notes:
        yield from _passages(Found(row.created_at, Kind.NOTES, row.notes, conversation, comparison))


def of_message(row: Message) -> Iterator[Found]:
    found = Found(
        row.created_at,
        Kind.MESSAGE,
        row.text,
        conversation=row.conversation_id,
        message=row.pk,
        role=row.role,
    )
    parts = [part for part in row.parts if isinstance(part, dict)]
    found.has = ["image"] * any(part.get("type") == "image_url" for part in parts) + ["star"] * row.starred
    if not row.hides:
        _know_the_call(found, row)
    yield from _passages(found)


def _know_the_call(found: Found, row: Message) -> None:
    """What was asked for, and what it took. A question has none of it."""
    if row.tool_calls or row.role == Role.TOOL:
        found.has.append("tool")
    told = _told(row)
    found.model = _text(told.get("model"))
    found.cost = _number(told.get("cost"))
    told_used = told.get("used")
    used: dict[str, Any] = told_used if isinstance(told_used, dict) else {}
    counts = [_number(used.get(name)) for name in ("prompt_tokens", "completion_tokens")]
    found.tokens = int(sum(count for count in counts if count)) or None
    if told.get("error") or told.get("status") in (Status.FAILED, Status.INTERRUPTED):
        found.has.append("error")
    named = [
        ("model", found.model),
        ("model", _text(told.get("answered_model"))),
        ("provider", _text(told.get("provider"))),
        ("finish", row.finish_reason),
    ]
    found.facets = list(dict.fromkeys(pair for pair in named if pair[1]))


def _told(row: Message) -> dict[str, Any]:
    """By the call that made it, or by the file that it was imported from."""
    call = row.call
    if call is None:
        facts = row.imported_facts if isinstance(row.imported_facts, dict) else {}
        return {**facts, "used": facts.get("estimate") or facts.get("usage")}
    return {
        "model": call.model,
        "answered_model": call.answered_model,
        "provider": call.provider_name,
        "status": call.status,
        "cost": call.spent,
        "used": call.used,
        "error": call.error,
    }


def _text(value: Any) -> str:
    """NUL stands in no text of PostgreSQL."""
    return value.replace("\0", "")[:300] if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """A figure that both databases can hold. Files may tell of others."""
    plain = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LARGEST
    return value if plain else None


def _passages(whole: Found) -> Iterator[Found]:
    """The whole, or it again and again with a piece of the text each."""
    for number, text in enumerate(passages_of(whole.text)):
        yield replace(whole, text=text, passage=number)

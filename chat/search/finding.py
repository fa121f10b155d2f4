"""A page of what a query finds: the newest that fit, the best of them first, by the conversation that they stand in."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chat import access
from chat.models import Document, Kind
from chat.query.excerpts import Found, Piece, excerpt, find
from chat.query.language import Query, Words

from . import lexemes
from .documents import moment_of
from .filters import Plan, plan_of
from .indexing import catch_up
from .lexemes import Clause, Phrase
from .walking import ABOVE_ALL, BELOW_ALL, Hit, newest

TITLES_ON_A_PAGE = 10
OTHERS_ON_A_PAGE = 40
SHOWN_OF_AN_ENTRY = 3
LETTERS_READ_FIRST = 3_000
LONG_ONES_READ = 10
# What stands side by side is worth as much as a text of nothing but the words, and a title more than both.
FOR_A_TITLE, FOR_SIDE_BY_SIDE = 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of what was found."""

    kind: str
    role: str
    model: str
    at: datetime
    address: str
    excerpt: SafeString


@dataclass(slots=True)
class Entry:
    """A conversation or a comparison, with the best that was found in it."""

    title: SafeString
    address: str
    is_comparison: bool
    archived: bool
    active_at: datetime
    shown: list[Shown] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    after: str = ""  # where the next page begins, empty on the last

    @property
    def hits(self) -> int:
        return sum(len(entry.shown) + entry.more or 1 for entry in self.entries)


@dataclass(slots=True)
class _Scored:
    document: Any
    entry: UUID
    text: str  # its beginning
    found: Found
    score: float

    @property
    def is_cut(self) -> bool:
        return len(self.text) == LETTERS_READ_FIRST


def search(user: User, query: Query, after: str = "") -> Page:
    """Raises ValueError if `after` is nothing that a page gave."""
    place = _place_of(after)
    catch_up(user)
    plan = plan_of(user, query)
    if plan.impossible or not query:
        return Page([])
    title = Phrase((lexemes.known(plan.owner, "k", Kind.TITLE.value),))
    titles = [] if plan.no_titles else _walk(plan, Clause((title,)), place[0], TITLES_ON_A_PAGE)
    others = _walk(plan, Clause((title,), negated=True), place[1], OTHERS_ON_A_PAGE)
    ends = [_end(titles, TITLES_ON_A_PAGE), _end(others, OTHERS_ON_A_PAGE)]
    hits = [*titles, *others]
    scored = _scored(hits, query.wanted)
    _read_on(scored, query.wanted)
    entries = _entries(user, scored, hits, query.wanted)
    return Page(entries, "~".join(ends) if any(end != DONE for end in ends) else "")


DONE = "-"


def _place_of(after: str) -> list[str | int | None]:
    if not after:
        return [None, None]
    titles, others = after.split("~")
    places: list[str | int | None] = [DONE if each == DONE else int(each) for each in (titles, others)]
    if any(isinstance(place, int) and not ABOVE_ALL <= place <= BELOW_ALL for place in places):
        raise ValueError("No document has such an id.")
    return places


def _walk(plan: Plan, clause: Clause, below: str | int | None, most: int) -> list[Hit]:
    return [] if isinstance(below, str) else newest(plan, [clause], below, most)


def _end(hits: list[Hit], most: int) -> str:
    return str(hits[-1][0]) if len(hits) == most else DONE


def _scored(hits: list[Hit], wanted: list[Words]) -> list[_Scored]:
    rows = Document.objects.defer("text").annotate(head=Substr("text", 1, LETTERS_READ_FIRST))
    documents = rows.in_bulk([id for id, _, _ in hits])
    scored = []
    for place, (id, entry, _) in enumerate(hits):
        if document := documents.get(id):
            found = find(document.head, wanted)
            score = found.density + FOR_SIDE_BY_SIDE * found.as_one + (1 - place / len(hits)) / 2
            score += FOR_A_TITLE * (document.kind == Kind.TITLE)
            scored.append(_Scored(document, entry, document.head, found, score))
    return sorted(scored, key=lambda each: each.score, reverse=True)


def _read_on(scored: list[_Scored], wanted: list[Words]) -> None:
    """Where it stands further below in a long text, that text is read whole: of the best, so that it stays little."""
    late = [each for each in scored if wanted and not each.found.spans and each.is_cut][:LONG_ONES_READ]
    texts = dict(
        Document.objects.filter(pk__in=[each.document.pk for each in late]).values_list("pk", "text")
    )
    for each in late:
        each.text = texts.get(each.document.pk, each.text)
        each.found = find(each.text, wanted)


def _entries(user: User, scored: list[_Scored], hits: list[Hit], wanted: list[Words]) -> list[Entry]:
    """In the order of the best hit of each. A message that is found twice, in two passages, is shown once."""
    rows = _rows(user, hits)
    by_entry: dict[UUID, list[_Scored]] = defaultdict(list)
    seen: set[Any] = set()
    for each in scored:
        key = (each.document.message_id or each.document.conversation_id, each.document.kind)
        if each.entry in rows and key not in seen:
            seen.add(key)
            by_entry[each.entry].append(each)
    return [_entry(rows[id], found, wanted) for id, found in by_entry.items()]


def _rows(user: User, hits: list[Hit]) -> dict[UUID, Any]:
    """The entries themselves, once more by whom they belong to."""
    short = ("id", "title", "archived", "active_at")
    chats = [id for _, id, compared in hits if not compared]
    comparisons = [id for _, id, compared in hits if compared]
    found: dict[UUID, Any] = {}
    found.update(access.conversations(user, blind=True).only(*short).in_bulk(chats) if chats else {})
    found.update(access.comparisons(user).only(*short).in_bulk(comparisons) if comparisons else {})
    return found


def _entry(row: Any, found: list[_Scored], wanted: list[Words]) -> Entry:
    address = reverse("comparison" if row.is_comparison else "conversation", args=[row.pk])
    lines = [each for each in found if each.document.kind != Kind.TITLE]
    return Entry(
        title=as_html(excerpt(row.title, find(row.title, wanted).spans, letters=200)),
        address=address,
        is_comparison=row.is_comparison,
        archived=row.archived,
        active_at=row.active_at,
        shown=[_shown(each, address) for each in lines[:SHOWN_OF_AN_ENTRY]],
        more=max(0, len(lines) - SHOWN_OF_AN_ENTRY),
    )


def _shown(each: _Scored, address: str) -> Shown:
    document = each.document
    at = f"?at={document.message_id}" if document.message_id else ""
    return Shown(
        document.kind,
        document.role,
        document.model,
        moment_of(document.pk),
        address + at,
        as_html(excerpt(each.text, each.found.spans)),
    )


def as_html(pieces: list[Piece]) -> SafeString:
    """The only elements in it are our marks."""
    marked = (f"<mark>{escape(each.text)}</mark>" if each.marked else escape(each.text) for each in pieces)
    return mark_safe("".join(marked))  # noqa: S308

"""A query as the database is asked it: clauses for its full text, conditions for its tables, and a span of ids."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from chat import access
from chat.models import Facet, Pane
from chat.query.language import Filter, Query, Words
from chat.query.words import fold

from . import lexemes
from .documents import LARGEST, first_id_at
from .lexemes import Clause, Phrase

# Up to so many entries are asked for by name in the full text: of more, enough stand among the newest hits anyway.
FEW_ENTRIES = 200
# Of the entry of a document, a conversation `c` or a comparison `k`: chat/search/walking.py.
ENTRY_IS = "(CASE WHEN k.id IS NULL THEN c.{0} ELSE k.{0} END)"
ENTRY_IN = "(CASE WHEN k.id IS NULL THEN c.folder_id ELSE k.folder_id END) IN ({})"
ENTRY_TAGGED = (
    "(EXISTS (SELECT 1 FROM chat_conversation_tags t WHERE k.id IS NULL AND t.conversation_id = c.id "
    "AND t.tag_id IN ({0})) OR EXISTS (SELECT 1 FROM chat_comparison_tags t WHERE t.comparison_id = k.id "
    "AND t.tag_id IN ({0})))"
)
FACETS = ("model", "provider", "finish")
# What no title has: who asks for it does not mean titles.
OF_NO_TITLE = {*FACETS, "role", "has", "cost", "tokens"}
COMPARISONS = {">": "{} > %s", ">=": "{} >= %s", "<": "{} < %s", "<=": "{} <= %s", "=": "{} = %s"}


@dataclass(slots=True)
class Plan:
    """`impossible`: nothing can be found, and nobody need look; `no_titles`: no title can be. Documents are `d`, their
    entries `c` or `k`."""

    owner: int
    clauses: list[Clause] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    lowest: int | None = None
    below: int | None = None
    impossible: bool = False
    no_titles: bool = False

    def require(self, phrases: Iterable[Phrase], negated: bool = False, hint: bool = False) -> None:
        found = tuple(phrases)
        if found:
            clause = Clause(found, negated, hint)
            # `model:q model:qw` may be the same models: asked for twice, they cost twice as much.
            self.clauses += [clause] if clause not in self.clauses else []
        elif not negated:
            self.impossible = True

    def require_known(
        self, kind: str, values: Iterable[object], negated: bool = False, hint: bool = False
    ) -> None:
        self.require((Phrase((lexemes.known(self.owner, kind, value),)) for value in values), negated, hint)

    def add(self, condition: str, values: Iterable[Any], negated: bool) -> None:
        self.conditions.append(f"NOT COALESCE({condition}, FALSE)" if negated else condition)
        self.values += values

    def from_id(self, id: int) -> None:
        self.lowest = id if self.lowest is None else max(self.lowest, id)

    def below_id(self, id: int) -> None:
        self.below = id if self.below is None else min(self.below, id)


def plan_of(user: User, query: Query) -> Plan:
    plan = Plan(user.pk)
    facets = list(Facet.objects.filter(owner_id=user.pk)) if _asks_for_facets(query) else []
    for term in query.terms:
        plan.no_titles |= isinstance(term, Filter) and term.key in OF_NO_TITLE and not term.negated
        if isinstance(term, Words):
            words = tuple(lexemes.word(plan.owner, each) for each in term.words)
            plan.require([Phrase(words, term.prefix)], term.negated)
        elif term.key in FACETS:
            plan.require_known("f", (each.pk for each in facets if _fits(term, each)), term.negated)
        elif term.key in ("tag", "folder", "is"):
            _add_entries(plan, user, term)
        else:
            _add_own(plan, term)
    return plan


def _asks_for_facets(query: Query) -> bool:
    return any(isinstance(term, Filter) and term.key in FACETS for term in query.terms)


def _fits(term: Filter, facet: Facet) -> bool:
    """A part of the name of a model or a provider; an end in full."""
    wanted, there = fold(str(term.value)), fold(facet.value)
    return facet.kind == term.key and (wanted == there if term.key == "finish" else wanted in there)


def _add_own(plan: Plan, term: Filter) -> None:
    """What is known of the document itself."""
    match term.key:
        case "role":
            plan.require_known("r", [term.value], term.negated)
        case "has":
            plan.require_known("h", [term.value], term.negated)
        case "cost" | "tokens":
            _add_number(plan, term)
        case "before" | "after":
            assert isinstance(term.value, date)
            moment = datetime.combine(term.value, time(), timezone.get_current_timezone())
            bound = plan.from_id if (term.key == "after") != term.negated else plan.below_id
            bound(first_id_at(moment))


def _add_number(plan: Plan, term: Filter) -> None:
    """First by its size, which the full text knows, so that few rows are looked at that do not fit."""
    assert isinstance(term.value, float)
    plan.add(COMPARISONS[term.operator].format(f"d.{term.key}"), [min(term.value, LARGEST)], term.negated)
    if term.negated:
        return
    scale, kind = (lexemes.NANO, "c") if term.key == "cost" else (1, "t")
    size = lexemes.size_of(min(term.value, LARGEST), scale)
    largest = lexemes.size_of(LARGEST, scale)
    first = size if term.operator in (">", ">=", "=") else 0
    last = size if term.operator in ("<", "<=", "=") else largest
    plan.require_known(kind, range(first, last + 1), hint=True)


def _add_entries(plan: Plan, user: User, term: Filter) -> None:
    """What is known of the entry of the history. It may change for all of its documents, so it is looked up."""
    if term.key == "is":
        plan.add(ENTRY_IS.format(term.value), [], term.negated)
        which = Q(**{str(term.value): True})
    else:
        rows: Any = access.tags(user) if term.key == "tag" else access.folders(user)
        ids = [row.pk for row in rows if fold(row.name) == fold(str(term.value))]
        if not ids:
            plan.impossible = plan.impossible or not term.negated
            return
        marks = ", ".join(["%s"] * len(ids))
        plan.add(
            (ENTRY_TAGGED if term.key == "tag" else ENTRY_IN).format(marks),
            [id.hex for id in ids] * (2 if term.key == "tag" else 1),
            term.negated,
        )
        which = Q(**{"tags__in" if term.key == "tag" else "folder__in": ids})
    if not term.negated and (few := _few_entries(user, which)) is not None:
        plan.require_known("e", few, hint=True)


def _few_entries(user: User, which: Q) -> list[str] | None:
    """The conversations and comparisons whose documents these are, unless they are many."""
    chats = access.conversations(user, blind=True).filter(which, listed=True)
    comparisons = access.comparisons(user).filter(which)
    found: list[UUID] = [*chats.values_list("pk", flat=True)[: FEW_ENTRIES + 1]]
    found += comparisons.values_list("pk", flat=True)[: FEW_ENTRIES + 1]
    panes = Pane.objects.filter(comparison__in=comparisons, conversation__listed=False, removed_at=None)
    found += panes.values_list("conversation", flat=True)[: FEW_ENTRIES + 1]
    return [id.hex for id in found] if len(found) <= FEW_ENTRIES else None

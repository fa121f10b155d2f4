"""The newest documents that fit, by walking ids downward: so a search costs what it shows, and not what there is.

First the newest of all are looked at one by one: what is common is found there, at once. What is rare is asked of the
full text, which then has little to sort.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from . import lexemes
from .filters import Plan
from .lexemes import Clause

LOOKED_AT = 1_000
BELOW_ALL = (1 << 63) - 1
ABOVE_ALL = -(1 << 63)

# A document is there if its message is, and where it is shown: in its conversation, or for a pane in the comparison.
_THERE = """
    LEFT JOIN chat_message m ON m.id = d.message_id
    LEFT JOIN chat_conversation c ON c.id = d.conversation_id
    LEFT JOIN chat_comparison k ON k.id = COALESCE(d.comparison_id, CASE WHEN c.listed THEN NULL ELSE (
        SELECT p.comparison_id FROM chat_pane p JOIN chat_comparison held ON held.id = p.comparison_id
        WHERE p.conversation_id = c.id AND p.removed_at IS NULL AND held.deleted_at IS NULL
        ORDER BY p.id DESC LIMIT 1
    ) END)
    WHERE d.owner_id = %s AND (d.message_id IS NULL OR (m.id IS NOT NULL AND m.deleted_at IS NULL))
        AND c.deleted_at IS NULL AND k.deleted_at IS NULL AND (k.id IS NOT NULL OR c.listed)
"""
_FOUND = "SELECT d.id, COALESCE(k.id, c.id), k.id IS NOT NULL"
_RECENT = (
    "(SELECT id FROM chat_document WHERE owner_id = %s AND id >= %s AND id < %s ORDER BY id DESC LIMIT %s)"
)

Hit = tuple[int, UUID, bool]  # a document, its entry, and whether that is a comparison


def newest(plan: Plan, more: Sequence[Clause], below: int | None, most: int) -> list[Hit]:
    """At most so many, newest first, all older than the document `below`."""
    clauses = [*plan.clauses, *more]
    bounds = [value for value in (plan.below, below) if value is not None]
    span = (ABOVE_ALL if plan.lowest is None else plan.lowest, min([BELOW_ALL, *bounds]))
    vendor = _Postgres if connection.vendor == "postgresql" else _Sqlite
    found = _asked(plan, *vendor.recent(plan.owner, clauses, span), most)
    return found if len(found) == most else _asked(plan, *vendor.indexed(plan.owner, clauses, span), most)


def _asked(
    plan: Plan, source: str, values: list[Any], conditions: list[str], last: list[Any], most: int
) -> list[Hit]:
    """`source` names the documents as `d`, with its own values; its conditions and theirs come last."""
    where = "".join(f" AND {condition}" for condition in (*plan.conditions, *conditions))
    query = (
        f"{_FOUND} {source} {_THERE}{where} ORDER BY d.id DESC LIMIT %s"  # our own words; the rest are values
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, plan.owner, *plan.values, *last, most])
        return [(id, UUID(str(entry)), bool(compared)) for id, entry, compared in cursor.fetchall()]


Source = tuple[str, list[Any], list[str], list[Any]]


class _Sqlite:
    @staticmethod
    def recent(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        content = f"FROM {_RECENT} h CROSS JOIN chat_words_content w ON w.id = h.id"
        source = f"{content} CROSS JOIN chat_document d ON d.id = h.id"
        conditions, needles = [], []
        for clause in clauses:
            each = " OR ".join(["instr(' ' || w.c0 || ' ', %s) > 0"] * len(clause.phrases))
            conditions.append(f"{'NOT ' * clause.negated}({each})")
            needles += [phrase.needle for phrase in clause.phrases]
        return source, [owner, *span, LOOKED_AT], conditions, needles

    @staticmethod
    def indexed(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        # In this order, so that the full text is walked from its newest on and left as soon as there is enough.
        source = "FROM chat_words w CROSS JOIN chat_document d ON d.id = w.rowid"
        conditions = ["w.words MATCH %s", "w.rowid >= %s", "w.rowid < %s"]
        return source, [], conditions, [lexemes.fts5(owner, clauses), *span]


class _Postgres:
    @staticmethod
    def recent(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        recent = _RECENT.replace("SELECT id FROM chat_document", "SELECT id, words FROM chat_words")
        source = f"FROM {recent} w JOIN chat_document d ON d.id = w.id"
        return (
            source,
            [owner, *span, LOOKED_AT],
            ["w.words @@ %s::tsquery"],
            [lexemes.tsquery(owner, clauses)],
        )

    @staticmethod
    def indexed(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        # Found first and sorted then: otherwise it might walk all there is by id.
        source = (
            "FROM (SELECT id FROM chat_words WHERE words @@ %s::tsquery AND id >= %s AND id < %s OFFSET 0) w "
            "JOIN chat_document d ON d.id = w.id"
        )
        return source, [lexemes.tsquery(owner, clauses), *span], [], []

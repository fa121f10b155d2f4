"""The newest documents that fit, by walking ids downward: so a search costs what it shows, and not what there is.

First the newest of all are looked at one by one: what is common is found there, at once. What is rare is asked of the
full text, which then has little to sort.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from . import lexemes
from .filters import Plan
from .lexemes import Clause

LOOKED_AT = 1_000
# Ways to say one thing, such as models whose names have a part in common: more are asked of the full text at once, for
# each takes a look at each document, and SQLite allows no more than 1,000.
MOST_WAYS = 50
FEW = 3_000
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
    told = [each for each in clauses if not each.hint]
    if all(len(each.phrases) <= MOST_WAYS for each in told):
        found = _asked(plan, *vendor.recent(plan.owner, told, span), most)
        if len(found) == most:
            return found
    with vendor.by_index():
        return _asked(plan, *vendor.indexed(plan.owner, clauses, span), most)


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
    # It has no choice.
    by_index = nullcontext

    @staticmethod
    def recent(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        content = f"FROM {_RECENT} h CROSS JOIN chat_words_content w ON w.id = h.id"
        source = f"{content} CROSS JOIN chat_document d ON d.id = h.id"
        return source, [owner, *span, LOOKED_AT], *_Sqlite.looked_at(clauses, "w.c0")

    @staticmethod
    def indexed(owner: int, clauses: Sequence[Clause], span: tuple[int, int]) -> Source:
        # In this order, so that the full text is walked from its newest on and left as soon as there is enough.
        source = "FROM chat_words w CROSS JOIN chat_document d ON d.id = w.rowid"
        asked, begun = _Sqlite.without_beginnings(owner, clauses, span)
        conditions, needles = _Sqlite.looked_at(begun, "w.words")
        conditions += ["w.words MATCH %s", "w.rowid >= %s", "w.rowid < %s"]
        return source, [], conditions, [*needles, lexemes.fts5(owner, asked), *span]

    @staticmethod
    def looked_at(clauses: Sequence[Clause], words: str) -> tuple[list[str], list[Any]]:
        """Whether these hold, told by the words themselves."""
        conditions, needles = [], []
        for clause in clauses:
            each = " OR ".join([f"instr(' ' || {words} || ' ', %s) > 0"] * len(clause.phrases))
            conditions.append(f"{'NOT ' * clause.negated}({each})")
            needles += [phrase.needle for phrase in clause.phrases]
        return conditions, needles

    @staticmethod
    def without_beginnings(
        owner: int, clauses: Sequence[Clause], span: tuple[int, int]
    ) -> tuple[list[Clause], list[Clause]]:
        """FTS5 gathers all that begins with `wa` before it looks for anything else. Where few documents have the other
        words, those are looked at for the beginning instead."""
        begun = [
            each for each in clauses if not each.negated and any(phrase.prefix for phrase in each.phrases)
        ]
        others = [each for each in clauses if each not in begun]
        if not begun or all(each.negated or each.hint for each in others):
            return list(clauses), []
        few = "SELECT 1 FROM chat_words w WHERE w.words MATCH %s AND w.rowid >= %s AND w.rowid < %s LIMIT %s"
        with connection.cursor() as cursor:
            cursor.execute(few, [lexemes.fts5(owner, others), *span, FEW + 1])
            return (others, begun) if len(cursor.fetchall()) <= FEW else (list(clauses), [])


class _Postgres:
    @staticmethod
    @contextmanager
    def by_index() -> Iterator[None]:
        """Left to itself it reads all rows where a query has many words, which takes a hundred times as long."""
        ways = ("seqscan", "hashjoin", "mergejoin")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL enable_{way} = off" for way in ways))
            yield
            cursor.execute("; ".join(f"SET LOCAL enable_{way} = on" for way in ways))

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
        # Found first and sorted then: otherwise, and without the sum, it might walk all there is by id.
        source = (
            "FROM (SELECT id FROM chat_words WHERE words @@ %s::tsquery AND id + 0 >= %s AND id + 0 < %s OFFSET 0) w "
            "JOIN chat_document d ON d.id = w.id"
        )
        return source, [lexemes.tsquery(owner, clauses), *span], [], []

"""Walking the tree of messages. A branch is the path from a tip up to the root."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from .message import Message

# Django's ORM has no recursion. Ids are parameters, so nothing that a person types reaches the text of the query.
_ANCESTORS = """
    WITH RECURSIVE branch(id, parent_id, deleted_at, depth) AS (
        SELECT id, parent_id, deleted_at, 0 FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.parent_id, m.deleted_at, depth + 1
        FROM chat_message m JOIN branch ON m.id = branch.parent_id
        WHERE depth < %s
    )
"""
# The clauses are our own words, and whatever comes from outside is a parameter.
_KEPT = f"{_ANCESTORS} SELECT id FROM branch WHERE deleted_at IS NULL ORDER BY depth DESC"  # noqa: S608
_ALL = f"{_ANCESTORS} SELECT id FROM branch ORDER BY depth DESC"  # noqa: S608
_DELETED = f"{_ANCESTORS} SELECT id FROM branch WHERE deleted_at IS NOT NULL ORDER BY depth DESC"  # noqa: S608
_QUESTION = f"""{_ANCESTORS}
    SELECT branch.id FROM branch JOIN chat_message said ON said.id = branch.id
    WHERE branch.deleted_at IS NULL AND said.role = 'user' ORDER BY depth LIMIT 1
"""  # noqa: S608
_TURNS = """
    WITH RECURSIVE branch(tip_id, id, parent_id, deleted_at, depth) AS (
        SELECT id, id, parent_id, deleted_at, 0 FROM chat_message WHERE id IN ({tips})
        UNION ALL
        SELECT branch.tip_id, m.id, m.parent_id, m.deleted_at, depth + 1
        FROM chat_message m JOIN branch ON m.id = branch.parent_id
    )
    SELECT branch.tip_id, said.role, said.parts, said.tool_calls
    FROM branch JOIN chat_message said ON said.id = branch.id
    WHERE branch.deleted_at IS NULL ORDER BY depth DESC
"""
_NEWEST_BELOW = """
    WITH RECURSIVE below(id, deleted_at) AS (
        SELECT id, deleted_at FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.deleted_at FROM chat_message m JOIN below ON m.parent_id = below.id
    )
    SELECT CAST(id AS text) FROM below ORDER BY deleted_at IS NOT NULL, CAST(id AS text) DESC LIMIT 1
"""
NO_LIMIT = 1_000_000

Parts = list[dict[str, Any]]
Turns = list[tuple[str, Parts, Parts]]

# A request holds the whole conversation up to it, so reading it for each message would cost the square of their number.
NOT_SHOWN = (
    "logprobs", "generation__request", "copy_of__generation__request", "copy_of__logprobs", "copy_of__parts",
    "copy_of__reasoning", "copy_of__tool_calls", "copy_of__original",
)  # fmt: skip
WITH_ITS_CALL = ("generation", "copy_of__generation")
# What a page asks of the conversation of each message is short: whether it is a blind one.
LONG_IN_CONVERSATIONS = ("conversation__system_prompt", "conversation__settings", "conversation__variables")


def path_to(tip_id: UUID | None, newest: int | None = None) -> list[Message]:
    """The messages from the root down to this one, or only the newest of them. Deleted ones are left out."""
    return in_order(ids_to(tip_id, newest))


def in_order(ids: Sequence[UUID]) -> list[Message]:
    """These messages, as a page shows them."""
    rows = Message.objects.select_related("conversation", *WITH_ITS_CALL)
    found = rows.defer(*NOT_SHOWN, *LONG_IN_CONVERSATIONS).in_bulk(ids)
    return [found[id] for id in ids if id in found]


def turns_to(tip_id: UUID) -> Turns:
    """Role, parts and tool calls of the same messages: what a request is made of, and nothing else."""
    return turns_to_each([tip_id])[tip_id]


def turns_to_each(tip_ids: Collection[UUID]) -> dict[UUID, Turns]:
    """Those of several branches, by their ends."""
    turns: dict[UUID, Turns] = {tip_id: [] for tip_id in tip_ids}
    query = _TURNS.format(tips=", ".join(["%s"] * len(turns)))
    for tip_id, role, parts, calls in _rows(query, *turns) if turns else ():
        turns[UUID(str(tip_id))].append((role, json.loads(parts), json.loads(calls)))
    return turns


def ids_to(tip_id: UUID | None, newest: int | None = None, *, deleted: bool = False) -> list[UUID]:
    """The ids of the same messages, or also those of deleted ones."""
    query = _ALL if deleted else _KEPT
    return [] if tip_id is None else _ids(query, tip_id, (newest or NO_LIMIT) - 1)


def deleted_to(tip_id: UUID | None, newest: int) -> list[UUID]:
    """The ids of those that were left out."""
    return [] if tip_id is None else _ids(_DELETED, tip_id, newest - 1)


def last_question(tip_id: UUID | None) -> Message | None:
    """What was last asked on the branch that ends here."""
    found = [] if tip_id is None else _ids(_QUESTION, tip_id, NO_LIMIT)
    return Message.objects.get(pk=found[0]) if found else None


def newest_leaf(message_id: UUID) -> UUID:
    """The message made last among this one and all below it, deleted ones aside. Ids are ordered by time."""
    return _ids(_NEWEST_BELOW, message_id)[0]


def number_alternatives(messages: Sequence[Message]) -> None:
    """Tell each message its place among its siblings: one query for the whole page."""
    if not messages:
        return
    siblings: dict[UUID | None, list[UUID]] = defaultdict(list)
    rows = Message.objects.filter(conversation_id=messages[0].conversation_id, deleted_at=None)
    parents = {message.parent_id for message in messages}
    among = rows.filter(parent_id__in=parents - {None}) | (
        rows.filter(parent=None) if None in parents else rows.none()
    )
    for id, parent_id in among.order_by("id").values_list("id", "parent_id"):
        siblings[parent_id].append(id)
    for message in messages:
        message.alternatives = tuple(siblings[message.parent_id])
        message.position = message.alternatives.index(message.id) + 1


def _ids(query: str, id: UUID, *rest: int) -> list[UUID]:
    return [UUID(str(row[0])) for row in _rows(query, id, *rest)]


def _rows(query: str, *parameters: UUID | int) -> list[tuple[Any, ...]]:
    native = connection.features.has_native_uuid_field
    with connection.cursor() as cursor:
        cursor.execute(
            query, [each.hex if isinstance(each, UUID) and not native else each for each in parameters]
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

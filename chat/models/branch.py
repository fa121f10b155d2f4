"""Walking the tree of messages. A branch is the path from a tip up to the root."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from .message import Message
from .turn import Parts, grouped, joined, kept_turns

# Django's ORM has no recursion. Ids are parameters, so nothing that a person types reaches the text of the query.
# However short a part of it is asked for, a branch never begins in the middle of a turn, and what is deleted is not
# counted: a row of deleted ones would end it otherwise.
_ANCESTORS = """
    WITH RECURSIVE branch(id, parent_id, role, continues, deleted_at, depth, kept) AS (
        SELECT id, parent_id, role, continues, deleted_at, 0, CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END
        FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.parent_id, m.role, m.continues, m.deleted_at, depth + 1,
            kept + CASE WHEN m.deleted_at IS NULL THEN 1 ELSE 0 END
        FROM chat_message m JOIN branch ON m.id = branch.parent_id
        WHERE kept < %s OR branch.continues
    )
"""
# The clauses are our own words, and whatever comes from outside is a parameter.
_STEPS = f"""{_ANCESTORS}
    SELECT id, role, continues, deleted_at IS NOT NULL FROM branch ORDER BY depth DESC
"""  # noqa: S608
_QUESTION = f"""{_ANCESTORS}
    SELECT branch.id FROM branch JOIN chat_message said ON said.id = branch.id
    WHERE branch.deleted_at IS NULL AND said.role = 'user' AND NOT said.muted ORDER BY depth LIMIT 1
"""  # noqa: S608
_TURNS = """
    WITH RECURSIVE branch(tip_id, id, parent_id, deleted_at, depth) AS (
        SELECT id, id, parent_id, deleted_at, 0 FROM chat_message WHERE id IN ({tips})
        UNION ALL
        SELECT branch.tip_id, m.id, m.parent_id, m.deleted_at, depth + 1
        FROM chat_message m JOIN branch ON m.id = branch.parent_id
    )
    SELECT branch.tip_id, said.role, said.continues, branch.deleted_at IS NOT NULL OR said.muted,
        said.parts, said.tool_calls, said.tool_call_id
    FROM branch JOIN chat_message said ON said.id = branch.id
    ORDER BY depth DESC
"""
# `above` is the next one above that is kept. Where nothing kept has it above, a branch ends.
_NEWEST_LEAF = """
    WITH RECURSIVE below(id, kept, above) AS (
        SELECT id, deleted_at IS NULL, parent_id FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.deleted_at IS NULL, CASE WHEN below.kept THEN below.id ELSE below.above END
        FROM chat_message m JOIN below ON m.parent_id = below.id
    )
    SELECT CAST(id AS text) FROM below
    WHERE id NOT IN (SELECT above FROM below WHERE kept AND above IS NOT NULL)
    ORDER BY NOT kept, CAST(id AS text) DESC LIMIT 1
"""
NO_LIMIT = 1_000_000


class Turn(NamedTuple):
    """What is sent of a turn."""

    role: str
    parts: Parts
    calls: Parts
    answers: str = ""  # the call that a message of a tool answers


Turns = list[Turn]


class Step(NamedTuple):
    """A message on a branch, as far as it has to be known to tell the turns."""

    id: UUID
    role: str
    continues: bool
    deleted: bool


class Said(NamedTuple):
    """What a message says. One that is muted is not sent, as if it were deleted."""

    role: str
    continues: bool
    deleted: bool
    parts: str  # JSON
    calls: str  # JSON
    answers: str


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
    """Those of several branches, by their ends. What goes on from an answer is one with it."""
    said: dict[UUID, list[Said]] = {tip_id: [] for tip_id in tip_ids}
    query = _TURNS.format(tips=", ".join(["%s"] * len(said)))
    for tip_id, role, continues, left_out, *rest in rows_of(query, *said) if said else ():
        said[UUID(str(tip_id))].append(Said(role, bool(continues), bool(left_out), *rest))
    return {tip_id: list(map(_as_one, kept_turns(branch))) for tip_id, branch in said.items()}


def _as_one(spans: list[Said]) -> Turn:
    calls = [call for span in spans for call in json.loads(span.calls)]
    return Turn(spans[0].role, joined(json.loads(span.parts) for span in spans), calls, spans[0].answers)


def steps_to(tip_id: UUID | None, newest: int | None = None) -> list[Step]:
    """The branch that ends here, with what was deleted on it; or only the newest of it, from the head of a turn on."""
    rows = [] if tip_id is None else rows_of(_STEPS, tip_id, newest or NO_LIMIT)
    return [
        Step(UUID(str(id)), role, bool(continues), bool(deleted)) for id, role, continues, deleted in rows
    ]


def head_of(message: Message) -> Message:
    """The first message of its turn: mostly the message itself."""
    if not message.continues:
        return message
    return Message.objects.select_related("parent").get(pk=grouped(steps_to(message.pk, newest=1))[-1][0].id)


def ids_to(tip_id: UUID | None, newest: int | None = None, *, deleted: bool = False) -> list[UUID]:
    """The ids of the same messages, or also those of deleted ones."""
    steps = steps_to(tip_id, newest)
    return [step.id for step in (steps if deleted else chain.from_iterable(kept_turns(steps)))]


def last_question(tip_id: UUID | None) -> Message | None:
    """What was last asked on the branch that ends here."""
    found = [] if tip_id is None else _ids(_QUESTION, tip_id, NO_LIMIT)
    return Message.objects.get(pk=found[0]) if found else None


def newest_leaf(message_id: UUID) -> UUID:
    """The end of a branch through this message: the one that was made last, deleted ones aside. Only ends are asked
    for, since a message may be older than what it stands below."""
    return _ids(_NEWEST_LEAF, message_id)[0]


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
        # Between two queries it may have been moved or deleted.
        message.alternatives = tuple(siblings[message.parent_id])
        if message.id not in message.alternatives:
            message.alternatives = (message.id,)
        message.position = message.alternatives.index(message.id) + 1


def _ids(query: str, id: UUID, *rest: int) -> list[UUID]:
    return [UUID(str(row[0])) for row in rows_of(query, id, *rest)]


def rows_of(query: str, *parameters: UUID | int) -> list[tuple[Any, ...]]:
    native = connection.features.has_native_uuid_field
    with connection.cursor() as cursor:
        cursor.execute(
            query, [each.hex if isinstance(each, UUID) and not native else each for each in parameters]
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

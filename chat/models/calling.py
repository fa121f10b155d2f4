"""A call of a tool and what answers it: a provider takes neither without the other, so they are muted together."""

import json
from uuid import UUID

from .branch import head_of, ids_to, rows_of
from .message import Message, Role
from .roles import LOOKED_BACK

# All that hangs on an answer, on any branch, down to where tools are called again. `own` is the answer itself, with
# what goes on from it.
_ANSWERS = """
    WITH RECURSIVE below(id, own) AS (
        SELECT id, 1 FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, CASE WHEN own = 1 AND m.continues THEN 1 ELSE 0 END
        FROM chat_message m JOIN below ON m.parent_id = below.id
        WHERE (own = 1 AND m.continues) OR m.deleted_at IS NOT NULL OR CAST(m.tool_calls AS text) = '[]'
    )
    SELECT below.id, own, said.role, said.tool_call_id,
        CASE WHEN own = 1 THEN CAST(said.tool_calls AS text) ELSE '[]' END
    FROM below JOIN chat_message said ON said.id = below.id
"""


def mute(message: Message, muted: bool) -> int:
    """Kept and shown, and not sent; or sent again. Tells how many others went with it, of those that are there."""
    ids = together(message)
    Message.objects.filter(pk__in=ids).update(muted=muted)
    message.muted = muted
    return Message.objects.filter(pk__in=ids, deleted_at=None).exclude(pk=message.pk).count()


def together(message: Message) -> set[UUID]:
    """What is sent with this message or not at all: the answer that calls tools, and all that answers its calls."""
    if message.role == Role.ASSISTANT:
        return _with_answers(message)
    calling = caller_of(message) if message.role == Role.TOOL else None
    return {message.pk} | (_with_answers(calling) if calling else set())


def caller_of(message: Message) -> Message | None:
    """The answer that called what this message of a tool answers: the nearest above."""
    above = ids_to(message.parent_id, LOOKED_BACK)
    found = Message.objects.only("conversation", "parent", "role", "continues", "tool_calls").in_bulk(above)
    for id in reversed(above):
        if id in found and message.tool_call_id in ids_of(found[id].tool_calls):
            return head_of(found[id])
    return None


def ids_of(calls: list[dict[str, object]]) -> set[str]:
    return {str(call.get("id") or "") for call in calls}


def _with_answers(calling: Message) -> set[UUID]:
    """Ids of calls are unique only among the calls of one answer: some providers count from 0 each time."""
    rows = rows_of(_ANSWERS, calling.pk)
    called = {id for _, _, _, _, calls in rows for id in ids_of(json.loads(calls))}
    answers = {UUID(str(id)) for id, _, role, answered, _ in rows if role == Role.TOOL and answered in called}
    return {calling.pk} | answers

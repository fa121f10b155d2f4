"""What was said later on the branches that a page does not show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from .branch import rows_of
from .message import Message

# Of each alternative: how many messages one would see below it, down to the end that `newest_leaf` finds. And how many
# one sees now below those that are shown. What goes on from a message is one turn with it.
_LATER = """
    WITH RECURSIVE below(root_id, id, kept, above, later) AS (
        SELECT id, id, deleted_at IS NULL, parent_id, 0 FROM chat_message WHERE id IN ({others})
        UNION ALL
        SELECT below.root_id, m.id, m.deleted_at IS NULL, CASE WHEN below.kept THEN below.id ELSE below.above END,
            later + CASE WHEN m.deleted_at IS NULL AND NOT m.continues THEN 1 ELSE 0 END
        FROM chat_message m JOIN below ON m.parent_id = below.id
    ), shown(id, parent_id, one, later) AS (
        SELECT id, parent_id, CASE WHEN deleted_at IS NULL AND NOT continues THEN 1 ELSE 0 END, 0
        FROM chat_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.parent_id, CASE WHEN m.deleted_at IS NULL AND NOT m.continues THEN 1 ELSE 0 END, later + one
        FROM chat_message m JOIN shown ON m.id = shown.parent_id
    ), ends(root_id, later, place) AS (
        SELECT root_id, later, ROW_NUMBER() OVER (
            PARTITION BY root_id ORDER BY NOT kept, CAST(id AS text) DESC
        ) FROM below WHERE id NOT IN (SELECT above FROM below WHERE kept AND above IS NOT NULL)
    )
    SELECT root_id, later FROM ends WHERE place = 1 AND later > 0
    UNION ALL
    SELECT id, later FROM shown WHERE id IN ({forks})
"""


@dataclass(frozen=True, slots=True)
class Later:
    """An alternative that is not shown, and how many messages one would see below it."""

    id: UUID
    count: int
    position: int  # among the alternatives
    alternatives: int

    @property
    def words(self) -> str:
        where = "the other branch" if self.alternatives == 2 else f"branch {self.position}"
        return f"{self.count:,} later message{'s' if self.count > 1 else ''} on {where}"


def tell_of_later(messages: Sequence[Message]) -> None:
    """Tell each of these, whose alternatives are numbered, where more was said than one sees below it.

    One query for the whole page, and none if nothing on it has alternatives.
    """
    forks = [message for message in messages if len(message.alternatives) > 1]
    others = [id for message in forks for id in message.alternatives if id != message.pk]
    if not others:
        return
    counts = _counted(others, forks[0].conversation.tip_id, [message.pk for message in forks])
    for message in forks:
        message.later = _most(message, counts)


def _counted(others: Sequence[UUID], tip_id: UUID | None, shown: Sequence[UUID]) -> dict[UUID, int]:
    query = _LATER.format(others=_places(others), forks=_places(shown))
    return {UUID(str(id)): count for id, count in rows_of(query, *others, tip_id or others[0], *shown)}


def _places(ids: Iterable[UUID]) -> str:
    return ", ".join("%s" for _ in ids)


def _most(message: Message, counts: dict[UUID, int]) -> Later | None:
    """Where switching shows more than it hides. Of several branches the one with the most."""
    seen = counts.get(message.pk, 0)
    found = [
        Later(id, counts[id], position, len(message.alternatives))
        for position, id in enumerate(message.alternatives, start=1)
        if id != message.pk and counts.get(id, 0) > seen
    ]
    return max(found, key=lambda later: later.count, default=None)

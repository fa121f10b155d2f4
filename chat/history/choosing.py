"""The entries that something is to be done to, one or thousands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404

from chat.models import Comparison, Conversation

from .filters import Filter, rows_of

# Of each statement: databases take only so many parameters.
MOST_IDS = 5000
KINDS: dict[str, Any] = {"conversation": Conversation, "comparison": Comparison, "pane": Conversation}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Ids of entries, by kind."""

    conversation: list[UUID] = field(default_factory=list)
    comparison: list[UUID] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.conversation) + len(self.comparison)

    def parts(self) -> Iterator[tuple[str, list[UUID]]]:
        """In an order that all keep to, so that nobody waits in a circle."""
        for kind in ("comparison", "conversation"):
            for part in parts_of(sorted(getattr(self, kind))):
                yield kind, part


def chosen_among(user: User, ids: Iterable[UUID]) -> Chosen:
    """One's own entries among these. Raises Http404 if one of them is another's or was never there; one that was
    deleted meanwhile is left out."""
    wanted = set(ids)
    found, known = Chosen(), set()
    for part in parts_of(sorted(wanted)):
        for kind, there in (("conversation", found.conversation), ("comparison", found.comparison)):
            rows = KINDS[kind].objects.filter(owner_id=user.pk, pk__in=part)
            if kind == "conversation":
                rows = rows.filter(listed=True, blind=False)
            for id, deleted_at in rows.values_list("pk", "deleted_at"):
                known.add(id)
                if deleted_at is None:
                    there.append(id)
    if known != wanted:
        raise Http404
    return found


def all_that(user: User, chosen: Filter) -> Chosen:
    """Everything that the filter lets through."""
    chats, comparisons = (list(rows.values_list("pk", flat=True)) for rows in rows_of(user, chosen))
    return Chosen(chats, comparisons)


def parts_of(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), MOST_IDS):
        yield list(ids[start : start + MOST_IDS])

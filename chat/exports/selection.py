"""What a file is to hold, read a few rows at a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet

from chat import access
from chat.models import Comparison, Conversation, Pane
from chat.models.entry import Entry

ENTRIES_AT_ONCE = 20
Row = TypeVar("Row", bound=Entry)


@dataclass(frozen=True, slots=True)
class Group:
    """A comparison with its panes, and of each whether it is a chat of the history that is written down here."""

    comparison: Comparison
    panes: list[tuple[Pane, bool]]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows are those of one owner, and none of a blind round: access.py has seen to it."""

    conversations: QuerySet[Conversation]
    comparisons: QuerySet[Comparison]

    def chats(self) -> Iterator[list[Conversation]]:
        """In the order in which they were made. A chat that is a pane of a comparison here is written down there."""
        shown = Pane.objects.filter(
            conversation=OuterRef("pk"), removed_at=None, comparison__in=self.comparisons.values("pk")
        )
        rows = self.conversations.exclude(Exists(shown)).select_related(
            "provider", "folder", "prompt_version__prompt"
        )
        yield from in_pages(rows)

    def groups(self) -> Iterator[Group]:
        for comparison in chain.from_iterable(in_pages(self.comparisons.select_related("folder"))):
            panes = comparison.panes.shown().filter(conversation__deleted_at=None)
            panes = panes.select_related(
                "conversation__provider", "conversation__folder", "conversation__prompt_version__prompt"
            )
            yield Group(comparison, [(pane, self._is_written_here(pane)) for pane in panes])

    def _is_written_here(self, pane: Pane) -> bool:
        """Of several comparisons with one chat, the first one has it."""
        if not pane.conversation.listed:
            return False
        earlier = pane.conversation.panes.shown().filter(
            comparison__in=self.comparisons.values("pk"), comparison__lt=pane.comparison_id
        )
        return not earlier.exists()

    @property
    def count(self) -> int:
        return self.conversations.count() + self.comparisons.count()


def everything(user: User) -> Selection:
    """But for blind rounds that are not revealed yet."""
    chats = access.conversations(user).filter(listed=True)
    return Selection(chats, access.comparisons(user).exclude(blind=True, revealed_at=None))


def of_entries(user: User, chats: Collection[UUID], comparisons: Collection[UUID]) -> Selection:
    """These, as far as they are still there."""
    return Selection(
        access.conversations(user).filter(pk__in=chats), access.comparisons(user).filter(pk__in=comparisons)
    )


def in_pages(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """By ids, a few at a time: neither the first nor the last ones are waited for by the database."""
    rows, last = rows.order_by("pk").prefetch_related("tags"), None
    while True:
        page = list((rows if last is None else rows.filter(pk__gt=last))[:ENTRIES_AT_ONCE])
        yield page
        if len(page) < ENTRIES_AT_ONCE:
            return
        last = page[-1].pk

"""The list of conversations, newest first, by day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from chat.models import Comparison, Conversation

from .filters import ALL, Filter, rows_of

CONVERSATIONS_ON_A_PAGE = 40
# What a page may ask for that has loaded several and wants them all anew.
MOST_AT_ONCE = 600
LISTED = ("title", "pinned", "archived", "folder", "active_at", "owner")
PINNED = "Pinned"
PINNED_FIRST = "pinned~"

# A comparison is one entry, whatever stands in its panes.
Entry = Conversation | Comparison


@dataclass(frozen=True, slots=True)
class HistoryPage:
    groups: list[tuple[str, list[Entry]]]
    after: str  # the address of the next page, empty on the last
    goes_on: str = ""  # the group that the page before ended with: its heading stands there already

    @property
    def empty(self) -> bool:
        return not self.groups

    @property
    def entries(self) -> list[Entry]:
        return [entry for _, entries in self.groups for entry in entries]


def page_of(
    user: User, after: str = "", query: str = "", chosen: Filter = ALL, count: int = CONVERSATIONS_ON_A_PAGE
) -> HistoryPage:
    """Pinned ones first. `after` is what the page before gave. Raises ValueError if forged.

    Each part is read in the order of its index, and no further than it is shown: a far page costs what the first does.
    """
    chosen = replace(chosen, query=query) if query else chosen
    kinds = [as_listed(rows) for rows in rows_of(user, chosen)]
    in_pinned, place = place_of(after) if after else (not chosen.archived, None)
    goes_on = "" if place is None else PINNED if in_pinned else day_of(place[0])
    pinned: list[Entry] = []
    # Archived ones stand in one order, pinned or not.
    if in_pinned and not chosen.archived:
        pinned, more = newest([rows.filter(pinned=True) for rows in kinds], place, count)
        if more:
            return HistoryPage([(PINNED, pinned)], f"{PINNED_FIRST}{address_of(pinned[-1])}", goes_on)
        place = None
    if not chosen.archived:
        kinds = [rows.filter(pinned=False) for rows in kinds]
    shown, more = newest(kinds, place, count)
    groups = [(PINNED, pinned)] if pinned else []
    return HistoryPage([*groups, *by_day(shown)], address_of(shown[-1]) if more else "", goes_on)


def as_listed(rows: Any) -> Any:
    """With what a row shows, and without what is long."""
    noted = ExpressionWrapper(~Q(notes=""), output_field=BooleanField())
    return rows.with_running().annotate(noted=noted).only(*LISTED)


def newest(kinds: Iterable[Any], place: tuple[datetime, UUID] | None, count: int) -> tuple[list[Entry], bool]:
    """The next of several tables in one order, newest first, and whether there are more."""
    kinds = [rows.before(*place) if place else rows for rows in kinds]
    found = chain(*(rows.newest_first()[: count + 1] for rows in kinds))
    rows = sorted(found, key=lambda entry: (entry.active_at, entry.pk), reverse=True)
    return rows[:count], len(rows) > count


def address_of(entry: Entry) -> str:
    return f"{entry.active_at.isoformat()}~{entry.pk}"


def place_of(after: str) -> tuple[bool, tuple[datetime, UUID]]:
    """Where a page begins, and whether that is among the pinned. Raises ValueError if no page gave it."""
    at, _, id = after.removeprefix(PINNED_FIRST).partition("~")
    moment = datetime.fromisoformat(at)
    if moment.utcoffset() != timedelta(0):
        raise ValueError("Our own places are in UTC.")
    return after.startswith(PINNED_FIRST), (moment, UUID(id))


def by_day(rows: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: day_of(row.active_at))]


def day_of(moment: datetime) -> str:
    return day_name((timezone.localdate() - timezone.localdate(moment)).days)


def day_name(days_ago: int) -> str:
    if days_ago <= 0:
        return "Today"
    if days_ago == 1:
        return "Yesterday"
    if days_ago <= 7:
        return "Previous 7 days"
    return "Previous 30 days" if days_ago <= 30 else "Earlier"

"""The list of conversations, newest first, by day; and what a new chat starts with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from chat import access
from chat.models import Comparison, Conversation, Pane, Provider
from chat.models.comparison import ComparisonQuerySet

CONVERSATIONS_ON_A_PAGE = 60

# A comparison is one entry, whatever stands in its panes.
Entry = Conversation | Comparison


@dataclass(frozen=True, slots=True)
class HistoryPage:
    groups: list[tuple[str, list[Entry]]]
    after: str  # the address of the next page, empty on the last
    goes_on: str = ""  # the day that the page before ended with: its heading stands there already

    @property
    def empty(self) -> bool:
        return not self.groups


def page_of(user: User, after: str = "", query: str = "") -> HistoryPage:
    """Pinned ones first, on the first page. `after` is what the page before gave. Raises ValueError if forged."""
    chats = access.conversations(user).filter(listed=True).exclude(tip=None)
    kinds: list[Any] = [chats.with_running().select_related(None), begun(user).with_running()]
    if query.strip():
        kinds = [rows.filter(matching(query)) for rows in kinds]
    pinned = [] if after else newest(list(rows.filter(pinned=True).newest_first()) for rows in kinds)
    kinds = [rows.filter(pinned=False) for rows in kinds]
    goes_on = ""
    if after:
        place = place_of(after)
        kinds, goes_on = [rows.before(*place) for rows in kinds], day_of(place[0])
    found = newest(list(rows.newest_first()[: CONVERSATIONS_ON_A_PAGE + 1]) for rows in kinds)
    shown = found[:CONVERSATIONS_ON_A_PAGE]
    last = f"{shown[-1].active_at.isoformat()}~{shown[-1].pk}" if len(found) > len(shown) else ""
    groups = [("Pinned", pinned)] if pinned else []
    return HistoryPage([*groups, *by_day(shown)], last, goes_on)


def begun(user: User) -> ComparisonQuerySet:
    """The comparisons in which something was said, or that were given a name."""
    said = Pane.objects.filter(comparison=OuterRef("pk"), removed_at=None).exclude(conversation__tip=None)
    return access.comparisons(user).filter(~Q(title="") | Exists(said))


def newest(kinds: Iterable[list[Entry]]) -> list[Entry]:
    """Entries of several tables, each newest first, in one order."""
    return sorted(chain(*kinds), key=lambda entry: (entry.active_at, entry.pk), reverse=True)


def place_of(after: str) -> tuple[datetime, UUID]:
    """Where a page begins. Raises ValueError if it is nothing that a page gave."""
    at, _, id = after.partition("~")
    moment = datetime.fromisoformat(at)
    if moment.utcoffset() != timedelta(0):
        raise ValueError("Our own places are in UTC.")
    return moment, UUID(id)


def matching(query: str) -> Q:
    """Every word of the query, in the title. NUL is in none, and PostgreSQL takes no such word."""
    found = Q()
    for word in query.replace("\0", " ").split()[:10]:
        found &= Q(title__icontains=word)
    return found


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


def model_for_new_chat(user: User) -> tuple[Provider | None, str]:
    """The model used last, if it is still there; else the first that answers without a key."""
    last = access.conversations(user).exclude(provider=None).select_related("provider").newest_first().first()
    if last and last.provider and not last.provider.removed:
        return last.provider, last.model
    models = access.language_models(user).that_chat()
    first = models.exclude(provider__source=Provider.Source.BUILT_IN).first() or models.first()
    return (first.provider, first.name) if first else (None, "")

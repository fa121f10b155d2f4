"""Which entries of the history are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.http import Http404

from chat import access
from chat.models import Folder, Pane, Tag
from chat.models.comparison import ComparisonQuerySet


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are shown. Archived ones only where one asks for them."""

    folder: Folder | None = None
    tag: Tag | None = None
    archived: bool = False
    query: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.folder or self.tag or self.archived or self.query.strip())

    @property
    def address(self) -> str:
        """As it stands in an address."""
        said = {
            "folder": self.folder and self.folder.pk,
            "tag": self.tag and self.tag.pk,
            "archived": "1" if self.archived else "",
            "q": self.query,
        }
        return urlencode({name: value for name, value in said.items() if value})


ALL = Filter()


def filter_of(user: User, said: Mapping[str, str]) -> Filter:
    """What an address or a form says. Another one's folder or tag is 404, as is what is no id."""
    folder, tag = (id_in(said.get(name) or "") for name in ("folder", "tag"))
    return Filter(
        access.folder(user, folder) if folder else None,
        access.tag(user, tag) if tag else None,
        said.get("archived") == "1",
        said.get("q") or "",
    )


def id_in(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Http404 from None


def rows_of(user: User, chosen: Filter = ALL) -> list[Any]:
    """Of each kind, those that the filter lets through, without an order."""
    chats = access.conversations(user).filter(listed=True).exclude(tip=None).select_related(None)
    kinds: list[Any] = [rows.filter(archived=chosen.archived) for rows in (chats, begun(user))]
    if chosen.folder:
        kinds = [rows.filter(folder=chosen.folder) for rows in kinds]
    if chosen.tag:
        kinds = [rows.filter(tags=chosen.tag) for rows in kinds]
    if chosen.query.strip():
        kinds = [rows.filter(matching(chosen.query)) for rows in kinds]
    return kinds


def begun(user: User) -> ComparisonQuerySet:
    """The comparisons in which something was said, or that were given a name."""
    said = Pane.objects.filter(comparison=OuterRef("pk"), removed_at=None).exclude(conversation__tip=None)
    # Not Exists: PostgreSQL would look through all panes of everybody once, where few comparisons have no name.
    first = Subquery(said.values("pk")[:1])
    return access.comparisons(user).filter(~Q(title="") | Q(IsNull(first, False)))


def matching(query: str) -> Q:
    """Every word of the query, in the title. NUL is in none, and PostgreSQL takes no such word."""
    found = Q()
    for word in query.replace("\0", " ").split()[:10]:
        found &= Q(title__icontains=word)
    return found

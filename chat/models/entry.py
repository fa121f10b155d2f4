"""What the history lists: what a conversation and a comparison have in common there."""

from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from .folder import Folder
from .identifiers import new_id
from .tag import Tag
from .transfer import Transfer

Row = TypeVar("Row", bound=models.Model)


class EntryQuerySet(models.QuerySet[Row]):
    def of(self, user: User) -> Self:
        return self.filter(owner_id=user.pk, deleted_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-active_at", "-id")

    def before(self, active_at: datetime, id: UUID) -> Self:
        """The page after this row, newest first. Keyset: the thousandth page costs what the first costs."""
        # The first condition says nothing new. With it PostgreSQL begins there in the index, and not at the newest.
        below = models.Q(active_at__lt=active_at) | models.Q(active_at=active_at, id__lt=id)
        return self.filter(below, active_at__lte=active_at)


class Entry(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    title = models.CharField(max_length=200, blank=True, default="")
    # What its owner writes beside it. It is never sent.
    notes = models.TextField(blank=True, default="")
    pinned = models.BooleanField(default=False)
    # Out of the way: in the history only where one asks for it.
    archived = models.BooleanField(default=False)
    folder: "models.ForeignKey[Folder | None, Folder | None]" = models.ForeignKey(
        Folder, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )
    tags: "models.ManyToManyField[Tag, Any]" = models.ManyToManyField(
        Tag, blank=True, related_name="%(class)ss"
    )
    # The import that brought it.
    transfer: "models.ForeignKey[Transfer | None, Transfer | None]" = models.ForeignKey(
        Transfer, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )
    # Grows with every change of what is shown, so that another tab can tell that it is behind.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


def history_indexes(name: str, **shown: bool) -> list[models.Index]:
    """A page of the history reads only rows that it shows, however many there are. The conditions are those of
    chat/history, word by word: SQLite uses a partial index only then."""
    newest_first = ("-active_at", "-id")
    there = models.Q(deleted_at=None, **shown)
    return [
        models.Index(
            fields=["owner", *newest_first],
            condition=there & models.Q(archived=False, pinned=False),
            name=f"{name}_newest_first",
        ),
        models.Index(
            fields=["owner", *newest_first],
            condition=there & models.Q(archived=False, pinned=True),
            name=f"{name}_pinned",
        ),
        models.Index(
            fields=["owner", *newest_first],
            condition=there & models.Q(archived=True),
            name=f"{name}_archived",
        ),
        models.Index(
            fields=["owner", "folder", *newest_first],
            condition=there & models.Q(archived=False, pinned=False),
            name=f"{name}_in_folder",
        ),
    ]

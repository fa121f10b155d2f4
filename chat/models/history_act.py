from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from .command import CommandConflict, digest


class HistoryActQuerySet(models.QuerySet["HistoryAct"]):
    def of(self, user: User) -> "HistoryActQuerySet":
        return self.filter(owner_id=user.pk)


class HistoryAct(models.Model):
    """One thing that was done to entries of the history, and how they were before: *Undo* puts just that back."""

    # Made by the browser, as that of any command: sent three times, it happens once.
    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    digest = models.CharField(max_length=64)
    act = models.CharField(max_length=10)
    # The folder or the tag that it was about.
    target = models.UUIDField(null=True, blank=True)
    # What it did, in words.
    said = models.CharField(max_length=400, blank=True, default="")
    # Of those that it changed: [kind, what was there, ids].
    before = models.JSONField(default=list, blank=True)
    # What was deleted by it was deleted at just this moment.
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = HistoryActQuerySet.as_manager()

    def __str__(self) -> str:
        return self.said

    @property
    def changed(self) -> int:
        """How many entries. What went with a comparison is none."""
        return sum(len(ids) for kind, _, ids in self.before if kind != "pane")

    @classmethod
    def seen(cls, user: User, id: object, content: str) -> "HistoryAct | None":
        """The act that happened under this id. Raises CommandConflict if it was another one."""
        act = cls.objects.filter(pk=id).first()
        if act and (act.owner_id != user.pk or act.digest != digest(content)):
            raise CommandConflict("This form was sent before with other content. Send it again.")
        return act

    def hold(self) -> None:
        """As it is now, and nobody else undoes it until the end of the transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())

    def mark_undone(self) -> None:
        self.undone_at = timezone.now()
        self.save(update_fields=["undone_at"])

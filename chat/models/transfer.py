from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from .identifiers import new_id


class TransferQuerySet(models.QuerySet["Transfer"]):
    def of(self, user: User) -> "TransferQuerySet":
        return self.filter(owner_id=user.pk)


class Transfer(models.Model):
    """An import or an export, done in the background: how far it is, and what could not be kept."""

    class Kind(models.TextChoices):
        IMPORT = "import"
        EXPORT = "export"

    class Status(models.TextChoices):
        UPLOADING = "uploading"
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (Status.UPLOADING, Status.RUNNING)
    # A job that nobody renewed for so long has lost its process, and an upload its browser.
    LEASE = timedelta(seconds=15)
    UPLOAD_LEASE = timedelta(hours=1)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    # What the file is: a name of chat/exports or chat/imports; for an import empty until it is known.
    format = models.CharField(max_length=20, blank=True, default="")
    # What the owner calls the file. It is shown, and never a path of ours.
    name = models.CharField(max_length=200, blank=True, default="")
    options = models.JSONField(default=dict, blank=True)
    # Bytes of an upload that are here; then bytes read of an import, out of how many.
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    # What it brought: {"conversations": 3, "messages": 20}.
    counts = models.JSONField(default=dict, blank=True)
    # What could not be kept or was repaired, in words, each line once with how often: [{"what": str, "times": int}].
    report = models.JSONField(default=list, blank=True)
    # Why it failed, in words for its owner.
    error = models.TextField(blank=True, default="")
    stop_requested = models.BooleanField(default=False)
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"], condition=models.Q(status="running"), name="one_transfer_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="transfers_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.name}"

    @property
    def active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

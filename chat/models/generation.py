from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .conversation import Conversation
from .identifiers import new_id
from .ordered_json import OrderedJSONField
from .provider import Provider

LEASE = timedelta(seconds=7)


class Status(models.TextChoices):
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


def is_unsent(timings: Mapping[str, float]) -> bool:
    """Whether it waits for its turn, or ended while it did: the provider never heard of it."""
    return "queued" in timings and "called" not in timings


class GenerationQuerySet(models.QuerySet["Generation"]):
    def running(self) -> "GenerationQuerySet":
        return self.filter(status=Status.RUNNING)

    def abandoned(self) -> "GenerationQuerySet":
        """Running rows whose task no longer renews its lease, by the database's clock."""
        return self.running().filter(lease_until__lt=Now())

    def renew(self) -> int:
        return self.running().update(lease_until=Now() + LEASE)

    def end(self, status: Status, **fields: Any) -> bool:
        """Leave *running*, once: of two that try, one wins and is told so."""
        return bool(self.running().update(status=status, **fields))


class Generation(models.Model):
    """One call of a model: the request as it was sent, and everything about how it went.

    Its words are in its messages, one for each choice. `sequence` says how many events of the log the saved words
    hold. Times in `timings` are milliseconds since the call was accepted; `queued` is when its turn had come, if it
    had to wait for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="generations")
    provider = models.ForeignKey(Provider, models.SET_NULL, null=True, blank=True)
    provider_name = models.CharField(max_length=80, blank=True, default="")
    model = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RUNNING)
    url = models.CharField(max_length=600, blank=True, default="")
    # The call whose request this one sends again, to the letter.
    replay_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replays")
    request = OrderedJSONField(default=dict)
    answered_model = models.CharField(max_length=300, blank=True, default="")
    request_id = models.CharField(max_length=200, blank=True, default="")
    usage = models.JSONField(null=True, blank=True)
    # USD per million tokens in, out and cached, as the catalogue had them when the model was asked.
    prices = models.JSONField(default=list, blank=True)
    cost = models.FloatField(null=True, blank=True)
    # What it is thought to have used so far; at the end only where the provider did not count.
    estimate = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    timings = models.JSONField(default=dict)
    sequence = models.PositiveIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["lease_until"], condition=models.Q(status="running"), name="running_generations"
            ),
            models.Index(fields=["owner", "created_at"], name="generations_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.status}"

    @property
    def used(self) -> dict[str, Any]:
        """Tokens by the provider's count, or by our estimate."""
        return self.estimate or self.usage or {}

    @property
    def spent(self) -> float | None:
        """In USD, by the provider's count or by our estimate."""
        return self.cost if self.cost is not None else (self.estimate or {}).get("cost")

    @property
    def unsent(self) -> bool:
        return is_unsent(self.timings)

    # Times of the model, from when the provider was called: who waits in our own line is not slower for it.

    @property
    def first_token(self) -> float | None:
        return self._since_called("first_token")

    @property
    def first_text(self) -> float | None:
        return self._since_called("first_text")

    @property
    def duration(self) -> float | None:
        return self._since_called("ended")

    def _since_called(self, name: str) -> float | None:
        at = self.timings.get(name)
        return None if at is None or self.unsent else float(at - self.timings.get("called", 0.0))

    @property
    def speed(self) -> float | None:
        """Tokens a second: those after the first, over the time that they took."""
        first, ended = self.timings.get("first_token"), self.timings.get("ended")
        count = (self.usage or {}).get("completion_tokens")
        if not count or count < 2 or first is None or ended is None or ended <= first:
            return None
        return float((count - 1) / (ended - first) * 1000)

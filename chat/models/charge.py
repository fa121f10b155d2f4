from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from .comparison import Pane
from .conversation import Conversation

if TYPE_CHECKING:
    from .generation import Generation


class ChargeQuerySet(models.QuerySet["Charge"]):
    def of(self, user: User) -> "ChargeQuerySet":
        """Without blind rounds before their reveal: a sum that moves would tell which model it was."""
        blind = Pane.objects.filter(comparison__owner_id=user.pk, conversation__blind=True)
        return self.filter(owner_id=user.pk).exclude(conversation__in=blind.values("conversation"))

    def since(self, day: date | None) -> "ChargeQuerySet":
        """From this day on; all of them without one."""
        return self.filter(day__gte=day) if day else self

    def counted(self) -> "ChargeQuerySet":
        """Those of which the provider has told the tokens."""
        return self.filter(estimated=False).exclude(prompt_tokens=None)

    def newest_of_each_model(self) -> "ChargeQuerySet":
        """In each conversation."""
        each = Window(RowNumber(), partition_by=["conversation", "provider", "model"], order_by="-pk")
        return self.annotate(place=each).filter(place=1)

    def total(self) -> dict[str, Any]:
        return self.aggregate(
            calls=Count("pk"),
            prompt_tokens=Sum("prompt_tokens"),
            completion_tokens=Sum("completion_tokens"),
            cost=Sum("cost"),
            estimated=Count("pk", filter=Q(estimated=True)),
        )


class Charge(models.Model):
    """One line of the books: what a call used and cost. It is written when the call ends, under the id of its
    generation, and stays when the conversation is deleted: what was spent was spent.

    `estimated`: the provider did not count, so tokens and cost are ours. `day` is the day on which it was asked.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, related_name="charges")
    day = models.DateField()
    provider = models.CharField(max_length=80)
    model = models.CharField(max_length=300)
    status = models.CharField(max_length=12)
    prompt_tokens = models.BigIntegerField(null=True)
    completion_tokens = models.BigIntegerField(null=True)
    cached_tokens = models.BigIntegerField(null=True)
    reasoning_tokens = models.BigIntegerField(null=True)
    cost = models.FloatField(null=True)
    estimated = models.BooleanField(default=False)
    # How much was sent, so that the next estimate knows how this provider counts.
    request_bytes = models.BigIntegerField(default=0)
    # Whole milliseconds, and tokens a second to a tenth: medians are read from lists of them.
    first_token = models.IntegerField(null=True)
    speed = models.FloatField(null=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "day", "provider", "model"], name="charges_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.model}"

    @classmethod
    def of(cls, generation: "Generation", request_bytes: int = 0) -> "Charge":
        """The line of a generation that has ended. Not saved."""
        used = generation.used
        first = generation.first_token
        speed = generation.speed
        return cls(
            id=generation.pk,
            owner_id=generation.owner_id,
            conversation_id=generation.conversation_id,
            day=timezone.localdate(generation.created_at),
            provider=generation.provider_name,
            model=generation.model,
            status=generation.status,
            prompt_tokens=used.get("prompt_tokens"),
            completion_tokens=used.get("completion_tokens"),
            cached_tokens=used.get("cached_tokens"),
            reasoning_tokens=used.get("reasoning_tokens"),
            cost=generation.spent,
            estimated=generation.estimate is not None,
            request_bytes=request_bytes,
            first_token=None if first is None else round(first),
            speed=None if speed is None else round(speed, 1),
        )

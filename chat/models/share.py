from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from .comparison import Comparison
from .conversation import Conversation
from .identifiers import new_id
from .message import Message


class ShareQuerySet(models.QuerySet["Share"]):
    def of(self, user: User) -> "ShareQuerySet":
        return self.filter(owner_id=user.pk)


class Share(models.Model):
    """A link to a frozen snapshot of a branch or a comparison: what its owner chose to show, and nothing else.

    The snapshot is a copy; `messages` are the rows that it was made from: as soon as one of them is deleted, or what
    they stand in, the link is dead. The token itself is not stored, only its SHA-256.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    conversation: "models.ForeignKey[Conversation | None, Conversation | None]" = models.ForeignKey(
        Conversation, models.CASCADE, null=True, blank=True, related_name="shares"
    )
    comparison: "models.ForeignKey[Comparison | None, Comparison | None]" = models.ForeignKey(
        Comparison, models.CASCADE, null=True, blank=True, related_name="shares"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    options = models.JSONField(default=dict, blank=True)
    snapshot = models.JSONField(default=dict, blank=True)
    messages = models.ManyToManyField(Message, related_name="shares")
    # How many these were: a row that is gone for good is missing among `messages`.
    messages_shown = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When the snapshot was taken.
    updated_at = models.DateTimeField()
    # None: it does not end by itself.
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(conversation=None) ^ models.Q(comparison=None), name="shares_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"Share of {self.conversation or self.comparison}"

"""What the search looks through: one row for each title, system prompt, note and message, and what can be asked of it.

The words stand in `chat_words`, in the database's own full text: FTS5 on SQLite, a tsvector on PostgreSQL. How both are
filled is docs/search.md.
"""

from django.conf import settings
from django.db import models

from .comparison import Comparison
from .conversation import Conversation
from .message import Message


class Kind(models.TextChoices):
    TITLE = "title"
    SYSTEM = "system"
    NOTES = "notes"
    MESSAGE = "message"


class Document(models.Model):
    """Its id is its time, so that the newest are found by walking ids downward and a span of time is one of ids.

    No constraints of the database: who indexes must not wait for who works with these rows, and triggers delete a
    document with what it is of.
    """

    id = models.BigIntegerField(primary_key=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    comparison = models.ForeignKey(
        Comparison, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    message = models.ForeignKey(Message, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    role = models.CharField(max_length=10, blank=True, default="")
    # Which one of a text that is too long for one document.
    passage = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True, default="")
    # Of the call that made it. Blind rounds tell nothing of theirs.
    model = models.CharField(max_length=300, blank=True, default="")
    cost = models.FloatField(null=True)
    tokens = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "id"], name="documents_by_time")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:40]}"


class Noted(models.Model):
    """Something changed and is not indexed yet. Triggers write these lines (chat/search/triggers.py)."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=12)  # conversation, comparison, message
    target = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["owner", "id"], name="noted_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class Facet(models.Model):
    """A model, a provider or a way to end that some of one's answers have: what a filter of it is completed with."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)  # model, provider, finish
    value = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "value"], name="one_facet_of_a_value")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from .conversation import Conversation
from .identifiers import new_id
from .turn import BETWEEN_THOUGHTS, Parts

if TYPE_CHECKING:
    from .generation import Generation
    from .later import Later


class Role(models.TextChoices):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


def text_part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def text_of(parts: Iterable[dict[str, Any]]) -> str:
    return "".join(part["text"] for part in parts if part.get("type") == "text")


def state_of(turn: Iterable["Message"]) -> str:
    """In few letters: which messages make a turn, and how they are. Two that are told apart by nothing look alike."""
    return "-".join(
        f"{each.pk.hex[-6:]}.{each.revision}{each.role[0]}{'m' * each.muted}{'s' * each.starred}"
        for each in turn
    )


class Message(models.Model):
    """One turn, in a tree by `parent`. Siblings are alternatives: editing and regenerating make them.

    `parts` is the content as the protocol has it. The words of a model stand in it exactly as they came.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    role = models.CharField(max_length=10, choices=Role.choices)
    parts = models.JSONField(default=list, blank=True)
    reasoning = models.TextField(blank=True, default="")
    tool_calls = models.JSONField(default=list, blank=True)
    tool_call_id = models.CharField(max_length=200, blank=True, default="")
    generation: "models.ForeignKey[Generation | None, Generation | None]" = models.ForeignKey(
        "chat.Generation", models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    choice = models.PositiveSmallIntegerField(default=0)
    # The message that this one was copied from, with the call that made it.
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    finish_reason = models.CharField(max_length=40, blank=True, default="")
    logprobs = models.JSONField(null=True, blank=True)
    # What a model or a person wrote before the words were edited in place.
    original = models.JSONField(null=True, blank=True)
    # Grows with every edit, so that an edit of older words is refused.
    revision = models.PositiveIntegerField(default=0)
    # Kept and shown, and not sent.
    muted = models.BooleanField(default=False)
    starred = models.BooleanField(default=False)
    # It goes on where its parent ended: one turn with it, shown and sent as one text.
    continues = models.BooleanField(default=False)
    # What was told of it where it was imported from (docs/export.md, "facts"). Nobody here made that call.
    imported_facts = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # Filled in by the page that shows it: where it stands among its alternatives.
    position = 1
    alternatives: tuple[UUID, ...] = ()
    # And where more was said on another branch.
    later: "Later | None" = None
    # And what goes on from it, where it is the head of a turn.
    spans: tuple["Message", ...] = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["generation", "choice"], name="one_message_per_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.text[:40]}"

    @property
    def text(self) -> str:
        return text_of(self.parts)

    @property
    def files(self) -> Parts:
        """What it holds beside text: an edit leaves that as it is."""
        return [part for part in self.parts if part.get("type") != "text"]

    @property
    def original_text(self) -> str:
        return text_of(self.original or [])

    @property
    def turn(self) -> tuple["Message", ...]:
        return (self, *self.spans)

    @property
    def state(self) -> str:
        return state_of(self.turn)

    @property
    def end(self) -> "Message":
        """Where the turn ends that begins with it."""
        return self.turn[-1]

    @property
    def whole_text(self) -> str:
        return "".join(span.text for span in self.turn)

    @property
    def text_before_end(self) -> str:
        return "".join(span.text for span in self.turn[:-1])

    @property
    def thought_before_end(self) -> str:
        return BETWEEN_THOUGHTS.join(span.reasoning for span in self.turn[:-1] if span.reasoning)

    @property
    def thinker(self) -> "Message":
        """Whose thoughts are told of: of the first that has some, or of what is being written."""
        return next((span for span in self.turn if span.reasoning), self.end)

    @property
    def whole_reasoning(self) -> str:
        return BETWEEN_THOUGHTS.join(span.reasoning for span in self.turn if span.reasoning)

    @property
    def call(self) -> "Generation | None":
        """The call that made it, or what it was copied from."""
        return self.generation or (self.copy_of.generation if self.copy_of else None)

    @property
    def hides(self) -> bool:
        """Whether nothing may tell yet which model wrote it."""
        return self.conversation.blind

    @property
    def status(self) -> str:
        return self.call.status if self.call else "finished"

    def rewrite(self, text: str, revision: int | None = None) -> bool:
        """Other words in the same place; False if these are not the words that were to be changed. The first ones are
        kept, and so is what is not text."""
        parts = [text_part(text), *self.files]
        return self._edit(revision, original=self.original or self.parts, parts=parts)

    def restore_original(self, revision: int | None = None) -> bool:
        """As it was before it was first edited; False if these are not the words that were to go."""
        return self.original is None or self._edit(revision, original=None, parts=self.original)

    def _edit(self, revision: int | None, **words: Any) -> bool:
        """Of two that begin with the same words, one wins."""
        same = self.revision if revision is None else revision
        words["revision"] = same + 1
        rows = Message.objects.filter(pk=self.pk, revision=same, deleted_at=None)
        edited = bool(rows.update(**words))
        if edited:
            vars(self).update(words)
        return edited

    def delete_for_now(self) -> None:
        """Not shown and not sent any more. It stays in the tree, so `restore` brings back what hung on it."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])

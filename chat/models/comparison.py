from string import ascii_uppercase

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from .conversation import Conversation
from .entry import Entry, EntryQuerySet, history_indexes
from .identifiers import new_id
from .message import Message

FEWEST_PANES = 2
MOST_PANES = 16


class ComparisonQuerySet(EntryQuerySet["Comparison"]):
    def never_used(self) -> "ComparisonQuerySet":
        """Without a name, and without a word in what was made for them."""
        said = Message.objects.filter(
            conversation__listed=False, conversation__panes__comparison=OuterRef("pk")
        )
        return self.filter(~Exists(said), title="")

    def holding(self, conversation: Conversation) -> "ComparisonQuerySet":
        """Those that have it as a pane."""
        shown = Pane.objects.filter(conversation=conversation, removed_at=None)
        return self.filter(pk__in=shown.values("comparison"))

    def with_running(self) -> "ComparisonQuerySet":
        from .generation import Generation, Status

        running = Generation.objects.filter(
            conversation__panes__comparison=OuterRef("pk"),
            conversation__panes__removed_at=None,
            status=Status.RUNNING,
        )
        return self.annotate(running=Exists(running))


class Comparison(Entry):
    """An ordered group of conversations that receive the same input. Each is a conversation like any other, so what
    one is told no other can know: isolation is structural."""

    # Made so that nobody sees which pane is which, until `revealed_at`.
    blind = models.BooleanField(default=False)
    revealed_at = models.DateTimeField(null=True, blank=True)
    # The history lists both kinds.
    is_comparison = True

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        indexes = history_indexes("comparisons")

    @property
    def hides(self) -> bool:
        """Whether nobody may see yet which pane is which."""
        return self.blind and self.revealed_at is None

    def shown_panes(self) -> list["Pane"]:
        """Those that are not removed, in their order. A chat that was deleted in the history is gone here, too."""
        there = self.panes.shown().filter(conversation__deleted_at=None)
        return list(there.select_related("conversation", "conversation__provider"))

    def lock(self) -> None:
        """With its conversations, until the end of the transaction. Who writes to several panes begins with this, so
        that nobody waits in a circle."""
        type(self).objects.select_for_update().get(pk=self.pk)
        held = Conversation.objects.filter(pk__in=self.panes.shown().values("conversation")).order_by("pk")
        # An answer that ends in one of them need not wait.
        list(held.select_for_update(no_key=True).values_list("pk"))

    def touch(self) -> None:
        """Somebody works on it now."""
        self.active_at = timezone.now()
        self.save(update_fields=["active_at"])

    def rearrange(self) -> None:
        """Its panes are other ones now, or stand otherwise."""
        self.touch()
        type(self).objects.filter(pk=self.pk).update(version=F("version") + 1)

    def delete_for_now(self) -> None:
        """Gone from every page, and back again with `restore` until the housekeeping takes it. A chat that was there
        before the comparison stays a chat."""
        self.deleted_at = timezone.now()
        with transaction.atomic():
            self.save(update_fields=["deleted_at"])
            for pane in self.shown_panes():
                pane.let_go()

    def restore(self) -> None:
        self.deleted_at = None
        with transaction.atomic():
            self.save(update_fields=["deleted_at"])
            for pane in self.panes.shown().select_related("conversation"):
                pane.take_back()


class PaneQuerySet(models.QuerySet["Pane"]):
    def shown(self) -> "PaneQuerySet":
        return self.filter(removed_at=None).order_by("position", "pk")


class Pane(models.Model):
    """The place of a conversation in a comparison, and what it shares with the linked panes beside it."""

    LINKS = ("linked_input", "linked_system_prompt", "linked_settings", "linked_scrolling")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="panes")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="panes")
    position = models.PositiveSmallIntegerField(default=0)
    linked_input = models.BooleanField(default=True)
    linked_system_prompt = models.BooleanField(default=True)
    linked_settings = models.BooleanField(default=True)
    linked_scrolling = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    # Filled in by the page that shows it: its place among those that are shown, from 1.
    number = 0

    objects = PaneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "conversation"], name="one_pane_per_conversation")
        ]

    def __str__(self) -> str:
        return f"Pane {self.position + 1} of {self.comparison}"

    @property
    def letter(self) -> str:
        """Its name in a blind round."""
        return ascii_uppercase[self.number - 1]

    @property
    def key(self) -> str:
        """What the fields of this pane are told apart by in a form for all panes."""
        return str(self.conversation_id)

    def link_like(self, other: "Pane") -> None:
        for link in self.LINKS:
            setattr(self, link, getattr(other, link))
        self.save(update_fields=self.LINKS)

    def unlink(self, link: str) -> None:
        setattr(self, link, False)
        self.save(update_fields=[link])

    def remove(self) -> None:
        """Out of the comparison, until `restore`. What runs in it is stopped, unless it is a chat of its own."""
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])
        self.let_go()

    def restore(self) -> None:
        self.removed_at = None
        self.save(update_fields=["removed_at"])
        self.take_back()

    def let_go(self) -> None:
        """A chat stays in the history, and what another comparison shows too stays there."""
        elsewhere = self.conversation.panes.shown().filter(comparison__deleted_at=None).exclude(pk=self.pk)
        if not self.conversation.listed and not elsewhere.exists():
            self.conversation.delete_for_now()

    def take_back(self) -> None:
        if not self.conversation.listed:
            self.conversation.restore()

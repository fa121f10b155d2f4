from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from chat.placeholders import Variable, render

from .entry import Entry, EntryQuerySet, history_indexes
from .provider import Provider

if TYPE_CHECKING:
    from .comparison import Comparison
    from .message import Message
    from .prompt import PromptVersion

CHANGED_BY_THE_PANEL = (
    "system_prompt", "prompt_version", "variables", "provider", "model", "settings", "budget",
)  # fmt: skip


class ConversationQuerySet(EntryQuerySet["Conversation"]):
    def with_running(self) -> "ConversationQuerySet":
        from .generation import Generation, Status

        running = Generation.objects.filter(conversation=OuterRef("pk"), status=Status.RUNNING)
        return self.annotate(running=Exists(running))


class Conversation(Entry):
    """A thing a person works on. `tip` is the last message of the branch being shown."""

    system_prompt = models.TextField(blank=True, default="")
    provider = models.ForeignKey(Provider, models.SET_NULL, null=True, blank=True)
    model = models.CharField(max_length=300, blank=True, default="")
    settings = models.JSONField(default=dict, blank=True)
    # The saved prompt that the system prompt came from, and the values of its placeholders.
    prompt_version: "models.ForeignKey[PromptVersion | None, PromptVersion | None]" = models.ForeignKey(
        "chat.PromptVersion", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    variables = models.JSONField(default=dict, blank=True)
    # The most that it may cost in all, in USD.
    budget = models.FloatField(null=True, blank=True)
    tip: "models.ForeignKey[Message | None, Message | None]" = models.ForeignKey(
        "chat.Message", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A pane of a comparison is found there, and not in the history.
    listed = models.BooleanField(default=True)
    # A pane of a blind comparison: until the reveal nothing may tell which model it is.
    blind = models.BooleanField(default=False)

    # The history lists both kinds.
    is_comparison = False

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            *history_indexes("history", listed=True),
            # The model used last, in a chat or in a pane: what a new chat begins with.
            models.Index(
                fields=["owner", "-active_at", "-id"],
                condition=models.Q(deleted_at=None, blind=False, provider__isnull=False),
                name="conversations_last_used",
            ),
        ]

    @property
    def stored(self) -> bool:
        """Whether it is in the database: a new chat is not, until something is sent."""
        return not self._state.adding

    @property
    def comparison(self) -> "Comparison | None":
        """Where it is to be found, if it was made as a pane."""
        there = self.panes.filter(removed_at=None, comparison__deleted_at=None)
        pane = None if self.listed else there.select_related("comparison").order_by("-pk").first()
        return pane.comparison if pane else None

    @property
    def prompt_fields(self) -> list[tuple[Variable, str]]:
        """The placeholders of the saved prompt that it uses, and what is typed for them."""
        described = self.prompt_version.described if self.prompt_version else []
        return [(variable, self.variables.get(variable.name, "")) for variable in described]

    def instructions(self) -> str:
        """The system prompt as it is sent. Braces mean something only in a saved prompt. Raises Unfilled."""
        if self.prompt_version is None:
            return self.system_prompt
        return render(self.system_prompt, self.prompt_version.described, self.variables)

    def use_prompt(self, version: "PromptVersion") -> None:
        """What is typed for names that this version has too stays."""
        self.prompt_version, self.system_prompt = version, version.text
        names = {variable.name for variable in version.described}
        self.variables = {name: typed for name, typed in self.variables.items() if name in names}

    def say(self, system_prompt: str) -> None:
        """This text as it is, and no saved prompt."""
        self.prompt_version, self.system_prompt, self.variables = None, system_prompt, {}

    def show(self, tip: "Message | None") -> None:
        """Make this message the end of the branch being shown."""
        self.tip = tip
        type(self).objects.filter(pk=self.pk).update(tip=tip, version=F("version") + 1)

    def tell_changed(self) -> None:
        """What it shows is another thing now, though the branch ends where it did."""
        type(self).objects.filter(pk=self.pk).update(version=F("version") + 1)

    def hold(self) -> None:
        """The branch that it shows, as it is now, and nobody else changes its tree until the end of the transaction.

        Before any message of it is changed: two that begin at different ends would wait for one another.
        """
        there = type(self).objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=["tip", "version"], from_queryset=there)

    def hold_settings(self) -> None:
        """As they are now, and nobody else changes them until the end of the transaction."""
        there = type(self).objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=CHANGED_BY_THE_PANEL, from_queryset=there)

    @transaction.atomic(savepoint=False)
    def save_asked(self) -> None:
        """Somebody asks now, with these settings. All else is as another tab may have left it meanwhile."""
        self.active_at = timezone.now()
        if not self.listed:
            from .comparison import Comparison

            # The history shows the comparison in its place. Who works in another one with this pane waits for this
            # conversation, so nobody waits for that one: it is as new by its own work.
            free = Comparison.objects.holding(self).select_for_update(skip_locked=True)
            Comparison.objects.filter(pk__in=[each.pk for each in free]).update(active_at=self.active_at)
        self.save(update_fields=[*CHANGED_BY_THE_PANEL, "active_at"])

    def delete_for_now(self) -> None:
        """Gone from every page, and back again with `restore` until the housekeeping takes it. What runs is stopped."""
        self.deleted_at = timezone.now()
        with transaction.atomic():
            self.save(update_fields=["deleted_at"])
            # By the database, whoever runs it: nobody could find it any more to stop it.
            self.generations.running().update(stop_requested=True)

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])

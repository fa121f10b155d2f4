from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from chat.placeholders import Variable

from .identifiers import new_id


class PromptQuerySet(models.QuerySet["Prompt"]):
    def of(self, user: User) -> "PromptQuerySet":
        return self.filter(owner_id=user.pk, deleted_at=None)

    def named(self, query: str) -> "PromptQuerySet":
        """Every word of the query is in the name. NUL is in none, and PostgreSQL takes no such word."""
        found = models.Q()
        for word in query.replace("\0", " ").split()[:10]:
            found &= models.Q(name__icontains=word)
        return self.filter(found)

    def with_newest(self) -> "PromptQuerySet":
        """With the number and the note of the newest version; newest change first."""
        newest = PromptVersion.objects.filter(prompt=models.OuterRef("pk")).order_by("-number")
        columns = {name: models.Subquery(newest.values(name)[:1]) for name in ("number", "note")}
        return self.annotate(**columns).order_by("-changed_at", "-pk")

    def that_nobody_needs(self) -> "PromptQuerySet":
        """A conversation that holds a placeholder needs the variables of its prompt, deleted or not."""
        from .conversation import Conversation

        used = Conversation.objects.exclude(prompt_version=None).values("prompt_version__prompt")
        return self.exclude(pk__in=used)


class Prompt(models.Model):
    """A saved prompt: a name, what it is for, and its versions."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "System prompt"
        USER = "user", "Message"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SYSTEM)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "deleted_at", "-changed_at"], name="prompts_newest_first")]

    def __str__(self) -> str:
        return self.name

    @property
    def newest(self) -> "PromptVersion":
        return self.versions.order_by("-number")[0]

    def save_version(self, text: str, variables: Iterable[Variable], note: str = "") -> "PromptVersion":
        """What it says from now on. Earlier versions stay as they are."""
        with transaction.atomic():
            # The row is the lock: two tabs that save at once get two numbers.
            type(self).objects.select_for_update().get(pk=self.pk)
            last = self.versions.order_by("-number").values_list("number", flat=True).first() or 0
            version = self.versions.create(
                number=last + 1, text=text, note=note, variables=[each.stored() for each in variables]
            )
            self.changed_at = timezone.now()
            self.save(update_fields=["changed_at"])
        return version


class PromptVersion(models.Model):
    """What a prompt said once. It never changes.

    `variables` describe the placeholders: name, type (text, number, choice, multiline), default, required, choices.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    variables = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.prompt} v{self.number}"

    @property
    def described(self) -> list[Variable]:
        return [Variable.read(stored) for stored in self.variables]

    @property
    def newer(self) -> "PromptVersion | None":
        """The newest version, if it is not this one."""
        if self.prompt.deleted_at:
            return None
        return self.prompt.versions.filter(number__gt=self.number).order_by("-number").first()

    def says(self, text: str, variables: Iterable[Variable]) -> bool:
        return self.text == text and self.described == list(variables)

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from .identifiers import new_id
from .provider import Provider

FINE_TUNED, DEDICATED = "fine-tuned", "dedicated"
CHAT_TYPES = ("chat", "language", "code", "")


class LanguageModelQuerySet(models.QuerySet["LanguageModel"]):
    def usable_by(self, user: User) -> "LanguageModelQuerySet":
        mine = Q(provider__owner_id=user.pk) | Q(provider__owner=None)
        return self.filter(mine, provider__removed=False, listed=True)

    def that_chat(self) -> "LanguageModelQuerySet":
        return self.filter(type__in=CHAT_TYPES)


class LanguageModel(models.Model):
    """A model in a provider's catalogue. Prices are USD per million tokens; None is unknown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="language_models")
    name = models.CharField(max_length=300)
    label = models.CharField(max_length=300, blank=True, default="")
    type = models.CharField(max_length=40, blank=True, default="")
    context_length = models.BigIntegerField(null=True, blank=True)
    longest_answer = models.BigIntegerField(null=True, blank=True)
    price_input = models.FloatField(null=True, blank=True)
    price_output = models.FloatField(null=True, blank=True)
    price_cached = models.FloatField(null=True, blank=True)
    modalities = models.JSONField(default=list, blank=True)
    capabilities = models.JSONField(default=list, blank=True)
    # What the list says that it cannot do. In neither of the two: nobody said.
    lacks = models.JSONField(default=list, blank=True)
    # The model's own values of parameters that are not sent, by our names.
    defaults = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=12, blank=True, default="")
    # Parameters that the provider rejected for this model, by name, with its words: not sent again.
    refusals = models.JSONField(default=dict, blank=True)
    listed = models.BooleanField(default=True)

    objects = LanguageModelQuerySet.as_manager()

    class Meta:
        ordering = ("provider_id", "name")
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="one_row_per_listed_model")]

    def __str__(self) -> str:
        return self.name

    def refuse(self, parameter: str, words: str) -> None:
        self.refusals = {**self.refusals, parameter: words}
        self.save(update_fields=["refusals"])

    def try_again(self, parameter: str) -> None:
        self.refusals = {name: words for name, words in self.refusals.items() if name != parameter}
        self.save(update_fields=["refusals"])

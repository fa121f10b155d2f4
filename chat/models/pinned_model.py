from django.conf import settings
from django.db import models

from .identifiers import new_id
from .provider import Provider


class PinnedModel(models.Model):
    """A model that a person wants at the top of the picker, in a list of its provider's or not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    provider = models.ForeignKey(Provider, models.CASCADE)
    model = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "provider", "model"], name="one_pin_of_a_model")
        ]

    def __str__(self) -> str:
        return self.model

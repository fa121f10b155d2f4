from django.conf import settings
from django.db import models


class Budget(models.Model):
    """The most that a person wants to spend in a day, in USD. A conversation has a limit of its own in its row."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    per_day = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return f"${self.per_day} a day"

from django.conf import settings
from django.db import models

from .comparison import Comparison
from .identifiers import new_id


class Vote(models.Model):
    """What somebody found best in a blind comparison, without knowing which was which. It outlives the comparison."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    # At most one: of two tabs that vote, one is told so.
    comparison = models.OneToOneField(Comparison, models.SET_NULL, null=True, blank=True)
    # As the panes stood: [{"model": ..., "provider": ...}, ...].
    contestants = models.JSONField(default=list)
    # The place of the best among them; None is a tie.
    best = models.PositiveSmallIntegerField(null=True, blank=True)
    tag = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "tag"], name="votes_by_tag")]

    def __str__(self) -> str:
        return f"{self.best} of {len(self.contestants)}"

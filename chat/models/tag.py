from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from .identifiers import new_id


class TagQuerySet(models.QuerySet["Tag"]):
    def of(self, user: User) -> "TagQuerySet":
        return self.filter(owner_id=user.pk)


class Tag(models.Model):
    """A word that its owner puts on entries of the history, several on each. Lower case, without spaces."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(max_length=40)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_tag_of_a_name")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def of_names(user: User, names: Sequence[str]) -> "list[Tag]":
        """These of a user. Those that are not there yet are made."""
        rows = [Tag(owner=user, name=name) for name in dict.fromkeys(names)]
        # Another tab may make the same one now.
        Tag.objects.bulk_create(rows, ignore_conflicts=True)
        return list(Tag.objects.of(user).filter(name__in=names))

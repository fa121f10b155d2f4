from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from .identifiers import new_id


class FolderQuerySet(models.QuerySet["Folder"]):
    def of(self, user: User) -> "FolderQuerySet":
        return self.filter(owner_id=user.pk)


class Folder(models.Model):
    """A place in the history. An entry stands in one or in none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(max_length=80)

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_folder_of_a_name")]

    def __str__(self) -> str:
        return self.name

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from .conversation import Conversation


class CommandConflict(Exception):
    """This id was used before, for something else."""


class Command(models.Model):
    """One thing that a person asked for, under an id that the browser made. Sent three times, it happens once."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def seen(cls, user: User, id: UUID, content: str) -> "Command | None":
        """The command that happened under this id. Raises CommandConflict if it was another one."""
        command = cls.objects.select_related("conversation").filter(pk=id).first()
        if command and (command.owner_id != user.pk or command.digest != digest(content)):
            raise CommandConflict("This form was sent before with other content. Send it again.")
        return command

    @classmethod
    def remember(cls, user: User, id: UUID, content: str, conversation: Conversation) -> None:
        """In the transaction of the thing itself, so that both happen or neither. Raises IntegrityError if seen."""
        cls.objects.create(id=id, owner_id=user.pk, conversation=conversation, digest=digest(content))


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()

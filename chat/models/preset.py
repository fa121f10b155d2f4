from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction

from .conversation import Conversation
from .identifiers import new_id


class PresetQuerySet(models.QuerySet["Preset"]):
    def of(self, user: User) -> "PresetQuerySet":
        return self.filter(owner_id=user.pk)


class Preset(models.Model):
    """Settings under a name, with or without a system prompt. One of them may be what new chats start with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(max_length=80)
    settings = models.JSONField(default=dict, blank=True)
    # None: the preset leaves the system prompt as it is.
    system_prompt = models.TextField(null=True, blank=True)  # noqa: DJ001, empty is a prompt too
    for_new_chats = models.BooleanField(default=False)

    objects = PresetQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_preset_of_a_name")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(
        cls, conversation: Conversation, name: str, *, system_prompt: bool, for_new_chats: bool
    ) -> "Preset":
        """What this conversation has set, under this name: a new preset, or the one of this name anew.

        A preset holds plain text: placeholders are filled in. Raises Unfilled.
        """
        values = {
            "settings": conversation.settings,
            "system_prompt": conversation.instructions() if system_prompt else None,
            "for_new_chats": for_new_chats,
        }
        with transaction.atomic():
            preset, _ = cls.objects.update_or_create(owner=conversation.owner, name=name, defaults=values)
            if for_new_chats:
                cls.objects.filter(owner=conversation.owner).exclude(pk=preset.pk).update(for_new_chats=False)
        return preset

    def apply_to(self, conversation: Conversation) -> None:
        conversation.settings = dict(self.settings)
        if self.system_prompt is not None and self.system_prompt != conversation.system_prompt:
            conversation.say(self.system_prompt)

    def matches(self, conversation: Conversation) -> bool:
        same_prompt = self.system_prompt is None or self.system_prompt == conversation.system_prompt
        return same_prompt and self.settings == conversation.settings

"""What a new chat begins with: the model that was used last, and the preset for new ones."""

from django.contrib.auth.models import User

from chat import access
from chat.models import Conversation, Preset, Provider


def new_chat(user: User) -> Conversation:
    """It is not stored before something is said in it."""
    conversation = fresh(user)
    conversation.provider, conversation.model = model_for_new_chat(user)
    return conversation


def fresh(user: User) -> Conversation:
    """With the preset, but without a model."""
    conversation = Conversation(owner=user)
    if preset := Preset.objects.of(user).filter(for_new_chats=True).first():
        preset.apply_to(conversation)
    return conversation


def model_for_new_chat(user: User) -> tuple[Provider | None, str]:
    """The model used last, if it is still there; else the first that answers without a key."""
    last = (
        access.conversations(user)
        .filter(provider__isnull=False)
        .select_related("provider")
        .newest_first()
        .first()
    )
    if last and last.provider and not last.provider.removed:
        return last.provider, last.model
    models = access.language_models(user).that_chat()
    first = models.exclude(provider__source=Provider.Source.BUILT_IN).first() or models.first()
    return (first.provider, first.name) if first else (None, "")

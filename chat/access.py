"""Who may see what: the one place. Someone else's row and a row that is not there look the same: 404.

What belongs to a blind round is closed until the reveal, but for who asks with `blind`: and who does must tell nothing
of it by which one could know the model (docs/blind.md).
"""

from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404

from chat.models import (
    Budget,
    Comparison,
    Conversation,
    Folder,
    Generation,
    HistoryAct,
    LanguageModel,
    Message,
    Pane,
    PinnedModel,
    Preset,
    Prompt,
    PromptVersion,
    Provider,
    Share,
    Tag,
    Transfer,
    Vote,
)
from chat.models.branch import NOT_SHOWN, WITH_ITS_CALL
from chat.models.comparison import ComparisonQuerySet, PaneQuerySet
from chat.models.conversation import ConversationQuerySet
from chat.models.generation import GenerationQuerySet
from chat.models.language_model import LanguageModelQuerySet
from chat.models.prompt import PromptQuerySet
from chat.models.provider import ProviderQuerySet
from chat.refusals import refuse_blind

T = TypeVar("T")


def conversations(user: User, *, blind: bool = False) -> ConversationQuerySet:
    rows = Conversation.objects.of(user)
    return rows if blind else rows.filter(blind=False)


def conversation(user: User, id: UUID, *, blind: bool = False) -> Conversation:
    row = _found(conversations(user, blind=True).select_related("provider").filter(pk=id).first())
    refuse_blind(row.blind and not blind)
    return row


def deleted_conversation(user: User, id: UUID) -> Conversation:
    """One that can still be brought back."""
    row = _found(Conversation.objects.filter(owner_id=user.pk, pk=id).exclude(deleted_at=None).first())
    refuse_blind(row.blind)
    return row


def comparisons(user: User) -> ComparisonQuerySet:
    return Comparison.objects.of(user)


def comparison(user: User, id: UUID, *, blind: bool = False) -> Comparison:
    row = _found(comparisons(user).filter(pk=id).first())
    refuse_blind(row.hides and not blind)
    return row


def deleted_comparison(user: User, id: UUID) -> Comparison:
    """One that can still be brought back."""
    return _found(Comparison.objects.filter(owner_id=user.pk, pk=id).exclude(deleted_at=None).first())


def entry(user: User, id: UUID) -> Conversation | Comparison:
    """What the history lists under this id: a chat, or a comparison, also a blind one. No pane is listed."""
    chat = conversations(user, blind=True).filter(pk=id).first()
    if chat is None:
        return comparison(user, id, blind=True)
    refuse_blind(chat.blind)
    return _found(chat if chat.listed else None)


def history_act(user: User, id: UUID) -> HistoryAct:
    return _found(HistoryAct.objects.of(user).filter(pk=id).first())


def folders(user: User) -> QuerySet[Folder]:
    return Folder.objects.of(user)


def folder(user: User, id: UUID) -> Folder:
    return _found(folders(user).filter(pk=id).first())


def tags(user: User) -> QuerySet[Tag]:
    return Tag.objects.of(user)


def tag(user: User, id: UUID) -> Tag:
    return _found(tags(user).filter(pk=id).first())


def shares(user: User) -> QuerySet[Share]:
    """One's own links. Who reads one needs no account: that is chat/sharing."""
    return Share.objects.of(user).select_related("conversation", "comparison")


def share(user: User, id: UUID) -> Share:
    return _found(shares(user).filter(pk=id).first())


def transfers(user: User) -> QuerySet[Transfer]:
    return Transfer.objects.of(user)


def transfer(user: User, id: UUID) -> Transfer:
    return _found(transfers(user).filter(pk=id).first())


def panes(user: User, *, blind: bool = False) -> PaneQuerySet:
    rows = Pane.objects.select_related("comparison", "conversation", "conversation__provider")
    there = conversations(user, blind=blind)
    return rows.filter(comparison__in=comparisons(user), conversation__in=there, removed_at=None)


def pane(user: User, id: UUID, *, blind: bool = False) -> Pane:
    row = _found(panes(user, blind=True).filter(pk=id).first())
    refuse_blind(row.conversation.blind and not blind)
    return row


def removed_pane(user: User, id: UUID) -> Pane:
    """One that can still be brought back."""
    rows = Pane.objects.select_related("comparison", "conversation").filter(comparison__in=comparisons(user))
    # Its conversation went with it, unless that is a chat of its own, which may have been deleted since.
    rows = rows.exclude(removed_at=None).exclude(
        conversation__listed=True, conversation__deleted_at__isnull=False
    )
    row = _found(rows.filter(pk=id).first())
    refuse_blind(row.conversation.blind)
    return row


def message(user: User, id: UUID, *, deleted: bool = False, blind: bool = False) -> Message:
    """With `deleted`, also one that can still be brought back."""
    rows = Message.objects.select_related("conversation", "conversation__provider", *WITH_ITS_CALL).defer(
        *NOT_SHOWN
    )
    mine = rows.filter(pk=id, conversation__owner_id=user.pk, conversation__deleted_at=None)
    row = _found((mine if deleted else mine.filter(deleted_at=None)).first())
    refuse_blind(row.hides and not blind)
    return row


def message_at(user: User, named: str) -> Message | None:
    """What an address says after `?at=`, if it says anything: also one that was deleted since."""
    try:
        return message(user, UUID(named), deleted=True, blind=True) if named else None
    except ValueError:
        raise Http404 from None


def generation(user: User, id: UUID, *, blind: bool = False) -> Generation:
    mine = Generation.objects.filter(owner_id=user.pk, conversation__deleted_at=None)
    row = _found(mine.select_related("conversation").defer("request").filter(pk=id).first())
    refuse_blind(row.conversation.blind and not blind)
    return row


def call(user: User, id: UUID) -> Generation:
    """The same, with all that is known of it."""
    mine = Generation.objects.filter(owner_id=user.pk, conversation__deleted_at=None)
    row = _found(
        mine.select_related("conversation", "provider", "exchange", "replay_of").filter(pk=id).first()
    )
    refuse_blind(row.conversation.blind)
    return row


def preset(user: User, id: UUID) -> Preset:
    return _found(Preset.objects.of(user).filter(pk=id).first())


def prompts(user: User) -> PromptQuerySet:
    return Prompt.objects.of(user)


def prompt(user: User, id: UUID) -> Prompt:
    return _found(prompts(user).filter(pk=id).first())


def deleted_prompt(user: User, id: UUID) -> Prompt:
    """One that can still be brought back."""
    return _found(Prompt.objects.filter(owner_id=user.pk, pk=id).exclude(deleted_at=None).first())


def prompt_versions(user: User) -> QuerySet[PromptVersion]:
    """Also those of deleted prompts: conversations go on using them."""
    return PromptVersion.objects.select_related("prompt").filter(prompt__owner_id=user.pk)


def prompt_version(user: User, id: UUID, number: int) -> PromptVersion:
    rows = prompt_versions(user).filter(prompt__deleted_at=None)
    return _found(rows.filter(prompt_id=id, number=number).first())


def votes(user: User) -> QuerySet[Vote]:
    """The newest first."""
    return Vote.objects.filter(owner_id=user.pk).order_by("-pk")


def vote(user: User, id: UUID) -> Vote:
    return _found(votes(user).filter(pk=id).first())


def budget(user: User) -> Budget:
    """Theirs, or one that says nothing yet."""
    return Budget.objects.filter(owner_id=user.pk).first() or Budget(owner=user)


def providers(user: User) -> ProviderQuerySet:
    return Provider.objects.usable_by(user)


def provider(user: User, id: UUID) -> Provider:
    return _found(providers(user).filter(pk=id).first())


def language_models(user: User) -> LanguageModelQuerySet:
    return LanguageModel.objects.usable_by(user).select_related("provider")


def pinned_models(user: User) -> QuerySet[PinnedModel]:
    mine = PinnedModel.objects.filter(owner_id=user.pk, provider__in=providers(user))
    return mine.select_related("provider").order_by("pk")


def calls(user: User) -> GenerationQuerySet:
    """What one has asked, newest first, of providers that are still there, but for blind rounds. Without the requests,
    which are long."""
    mine = Generation.objects.filter(
        owner_id=user.pk, provider__in=providers(user), conversation__blind=False
    )
    return mine.select_related("provider").defer("request").order_by("-created_at")


def changeable_provider(user: User, id: UUID) -> Provider:
    """One's own; for the operator also those that all share, but for the built-in one."""
    return _found(next((row for row in providers(user).filter(pk=id) if may_change(user, row)), None))


def may_change(user: User, provider: Provider) -> bool:
    if provider.source == Provider.Source.BUILT_IN:
        return False
    return provider.owner_id == user.pk or (provider.owner_id is None and user.is_staff)


def _found(row: T | None) -> T:
    if row is None:
        raise Http404
    return row

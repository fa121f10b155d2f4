"""A comparison that is being prepared: its models, and the words that it begins with. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User

from chat import access
from chat.models import FEWEST_PANES, MOST_PANES, Conversation
from chat.models.copying import copy_settings
from chat.new_chats import fresh, new_chat
from chat.refusals import Refused


@dataclass(frozen=True, slots=True)
class Prepared:
    """Conversations that are not stored, one for each pane. `unlisted` is what a link asked for in vain, by the
    conversation that is without a model for it."""

    conversations: list[Conversation]
    prompt: str = ""
    unlisted: Mapping[UUID, str] = field(default_factory=dict)
    surplus: int = 0

    @property
    def panes(self) -> list[tuple[Conversation, str]]:
        return [(each, self.unlisted.get(each.pk, "")) for each in self.conversations]

    @property
    def notes(self) -> dict[int, str]:
        """What of the link could not be had, by the number of the pane; 0 is the link as a whole."""
        of_panes = {
            number: f"No provider lists “{name}”. Choose another model for pane {number}."
            for number, (_, name) in enumerate(self.panes, start=1)
            if name
        }
        if not self.surplus:
            return of_panes
        words = (
            f"The link names {MOST_PANES + self.surplus} models, and a comparison has at most {MOST_PANES} panes: "
            f"these are the first {MOST_PANES}."
        )
        return {0: words, **of_panes}


def from_link(user: User, models: str, prompt: str) -> Prepared:
    """`models` are ids with commas between. One that no list has is left for the person to choose."""
    asked = [name for part in models.split(",") if (name := part.strip()[:300])]
    taken = asked[:MOST_PANES]
    found = [listed(user, name) for name in taken]
    surplus = len(asked) - len(taken)
    return Prepared(filled_up(user, found), prompt, without_model(found, taken), surplus)


def from_page(user: User, chosen: Sequence[tuple[str, str]], unlisted: Sequence[str] = ()) -> Prepared:
    """What the pickers of the page hold: id of the provider and name of the model of each pane, and beside them what
    the link had asked for."""
    providers = {str(provider.pk): provider for provider in access.providers(user)}
    blank = fresh(user)
    found = [copy_settings(blank) for _ in chosen]
    for conversation, (provider, model) in zip(found, chosen, strict=True):
        # NUL is in no name of a model, and PostgreSQL takes none.
        name = model.replace("\0", "\ufffd").strip()[:300]
        conversation.provider, conversation.model = providers.get(provider), name
    return Prepared(found, unlisted=without_model(found, unlisted))


def without_model(found: Sequence[Conversation], asked: Sequence[str]) -> dict[UUID, str]:
    """What was asked for, of those that have no model now."""
    both = zip(found, asked, strict=False)
    return {each.pk: name[:300] for each, name in both if name and not (each.provider and each.model)}


def refuse_unready(prepared: Prepared) -> None:
    """Nobody has chosen a model there yet, or its provider is gone. Raises Refused."""
    for number, conversation in enumerate(prepared.conversations, start=1):
        if not (conversation.provider and conversation.model):
            raise Refused(f"Pane {number}: Choose a model first.", status=422)


def listed(user: User, name: str) -> Conversation:
    """A conversation with the model of this id, of the provider that one has had for longest."""
    conversation = fresh(user)
    rows = access.language_models(user).filter(name=name)
    model = rows.order_by("provider__created_at", "provider_id").first() if "\0" not in name else None
    if model:
        conversation.provider, conversation.model = model.provider, model.name
    return conversation


def filled_up(user: User, found: list[Conversation]) -> list[Conversation]:
    """Up to two, with what one would begin a chat with, and then with another model than that."""
    while len(found) < FEWEST_PANES:
        found = [*found, another(user, found)]
    return found


def another(user: User, beside: Sequence[Conversation]) -> Conversation:
    """A pane more: with the model of a new chat if nothing stands there, else with one that is not there yet."""
    conversation = new_chat(user)
    there = {(other.provider_id, other.model) for other in beside}
    if (conversation.provider_id, conversation.model) not in there:
        return conversation
    for choice in access.language_models(user).that_chat().order_by("provider__created_at", "name")[:50]:
        if (choice.provider_id, choice.name) not in there:
            conversation.provider, conversation.model = choice.provider, choice.name
            break
    return conversation

"""What the model picker shows: every model once, in the group where one looks for it first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User

from chat import access
from chat.models import LanguageModel, Provider
from chat.models.generation import Status
from chat.models.language_model import DEDICATED, FINE_TUNED

RECENT = 5
LOOK_BACK = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A model to choose. `known` is what its provider's list says of it, if it is on one."""

    provider: Provider
    name: str
    known: LanguageModel | None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Without a provider it holds models of several, and each says whose it is."""

    name: str
    choices: list[Choice]
    provider: Provider | None = None


def groups_for(user: User) -> list[Group]:
    listed = list(
        access.language_models(user).that_chat().order_by("provider__created_at", "provider_id", "name")
    )
    known = {(model.provider_id, model.name): model for model in listed}
    rest = dict(known)

    def take(found: Iterable[tuple[Provider, str]], *, pinned: bool = False) -> Iterator[Choice]:
        for provider, name in found:
            place = (provider.pk, name)
            rest.pop(place, None)
            yield Choice(provider, name, known.get(place), pinned)

    pins = [(pin.provider, pin.model) for pin in access.pinned_models(user)]
    there = {(provider.pk, name) for provider, name in pins}
    recent = [(provider, name) for provider, name in recently_used(user) if (provider.pk, name) not in there]
    groups = [Group("Pinned", list(take(pins, pinned=True))), Group("Recent", list(take(recent)))]
    for name, origin in (("Fine-tuned", FINE_TUNED), ("Dedicated endpoints", DEDICATED)):
        own = [(model.provider, model.name) for model in rest.values() if model.origin == origin]
        groups.append(Group(name, list(take(own))))
    return [group for group in groups if group.choices] + by_provider(rest.values())


def recently_used(user: User) -> list[tuple[Provider, str]]:
    """The last few that were asked. One that failed may have been a slip of the pen."""
    calls = access.calls(user).exclude(status=Status.FAILED)[:LOOK_BACK]
    found = {(call.provider_id, call.model): (call.provider, call.model) for call in calls if call.provider}
    return list(found.values())[:RECENT]


def by_provider(models: Iterable[LanguageModel]) -> list[Group]:
    groups: dict[object, Group] = {}
    for model in models:
        group = groups.setdefault(model.provider_id, Group(model.provider.name, [], model.provider))
        group.choices.append(Choice(model.provider, model.name, model))
    return list(groups.values())

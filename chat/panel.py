"""The settings panel: every parameter of `chat/sampling/` with its value and whether this provider takes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import log2
from typing import Any

from chat.catalogue import model_of
from chat.completions import DIALECTS
from chat.models import Conversation, LanguageModel, PinnedModel, Preset, Provider
from chat.sampling import PARAMETERS, Parameter

# A slider over more steps than this could not be aimed.
MOST_STEPS = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """`text` is the value as a person would type it, empty if it is not set. `reason` says why it is not sent.

    `refused`: because the provider rejected it for this model, which may change. `default`: what the model does
    while it is not set, empty if that is not known.
    """

    parameter: Parameter
    text: str
    reason: str
    refused: bool
    default: str

    @property
    def template(self) -> str:
        kind = self.parameter.kind
        return f"settings/_{'number' if kind == 'integer' else kind}.html"

    @property
    def exponential(self) -> bool:
        return self.parameter.scale == "power-of-two"

    @property
    def slides(self) -> bool:
        low, high = self.parameter.minimum, self.parameter.maximum
        return (
            low is not None
            and high is not None
            and (self.exponential or (high - low) / self.parameter.step <= MOST_STEPS)
        )

    @property
    def slider_maximum(self) -> float:
        maximum = self.parameter.maximum or 1
        return int(log2(maximum)) if self.exponential else maximum


@dataclass(frozen=True, slots=True)
class Panel:
    sections: list[tuple[str, list[Field]]]

    @property
    def count(self) -> int:
        return sum(bool(field.text) for _, fields in self.sections for field in fields)

    @property
    def dropped(self) -> list[Field]:
        """What is set and will not be sent."""
        return [field for _, fields in self.sections for field in fields if field.text and field.reason]


def panel_for(conversation: Conversation, model: LanguageModel | None) -> Panel:
    fields = [field_of(conversation, parameter, model) for parameter in PARAMETERS]
    return Panel(
        [(name, list(group)) for name, group in groupby(fields, key=lambda field: field.parameter.group)]
    )


def field_of(conversation: Conversation, parameter: Parameter, model: LanguageModel | None) -> Field:
    value = conversation.settings.get(parameter.name)
    text = "" if value is None else parameter.show(value)
    refused = model.refusals if model else {}
    why = reason(conversation, parameter, refused)
    default = "" if why else default_of(parameter, conversation.provider, model)
    return Field(parameter, text, why, parameter.name in refused, default)


def default_of(parameter: Parameter, provider: Provider | None, model: LanguageModel | None) -> str:
    """As the list tells it for this model, or the documentation for all of the provider's."""
    told = model.defaults.get(parameter.name) if model else None
    if told is None and provider and is_documented(provider):
        told = parameter.defaults.get(provider.dialect)
    return parameter.show(told) if told is not None and parameter.fits(told) else ""


def is_documented(provider: Provider) -> bool:
    """OpenAI's dialect is spoken by many servers, which have defaults of their own."""
    return provider.dialect != "openai" or provider.base_url == DIALECTS["openai"].base_url


def reason(conversation: Conversation, parameter: Parameter, refused: Mapping[str, str]) -> str:
    """Why it is not sent to this model; empty if it is."""
    if parameter.name in refused:
        return f"{conversation.model} rejected it"
    provider = conversation.provider
    return (
        ""
        if provider is None or parameter.taken_by(provider.dialect)
        else f"{provider.name} does not take it"
    )


def panel_context(conversation: Conversation) -> dict[str, Any]:
    """What the panel's template needs. The preset in use is read off the settings: there is no other mark of it."""
    model = model_of(conversation.provider, conversation.model)
    presets = list(Preset.objects.of(conversation.owner))
    return {
        "conversation": conversation,
        "model": model,
        "panel": panel_for(conversation, model),
        "pinned": is_pinned(conversation),
        "presets": presets,
        "preset_in_use": next((preset for preset in presets if preset.matches(conversation)), None),
    }


def is_pinned(conversation: Conversation) -> bool:
    here = {"provider": conversation.provider, "model": conversation.model}
    return PinnedModel.objects.filter(owner=conversation.owner, **here).exists()

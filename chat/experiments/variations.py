"""What a sweep varies: a parameter, the model, the system prompt or its version, and the values of it."""

import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from chat.comparisons.figures import shortened
from chat.models import MOST_PANES, Conversation, PromptVersion, Provider
from chat.refusals import Refused
from chat.sampling import Parameter

MOST_VALUES = MOST_PANES
LONGEST_LABEL = 60
NOT_SET = "not set"
# On one line these may stand apart by commas: none of them can hold one.
APART_BY_COMMAS = ("number", "integer", "choice")


@dataclass(frozen=True, slots=True)
class Variation:
    """One value. `change` gives it to a conversation, and changes nothing else about it."""

    label: str
    change: Callable[[Conversation], None]

    def applied_to(self, conversation: Conversation) -> Conversation:
        """The same stored conversation, with this value for as long as it is in memory."""
        varied = copy(conversation)
        self.change(varied)
        return varied


@dataclass(frozen=True, slots=True)
class Sweep:
    """`link` is what panes must not share, or an edit of one would make all of them the same again.

    `anyway`: also where a model does not take all that is set, so that more than the model differs.
    """

    variations: Sequence[Variation]
    link: str = ""
    parameter: Parameter | None = None
    anyway: bool = False


# Sweeps of each kind. All of them raise Refused.


def of_parameter(parameter: Parameter, typed: Sequence[str]) -> Sweep:
    """Values as they are typed in the panel. An empty one is not set."""
    refuse_number(len(typed))
    values = [value_of(parameter, text) for text in typed]
    labels = [label_of(parameter, value) for value in values]
    refuse_twice([written(value) for value in values], labels)
    variations = [
        Variation(label, setting(parameter.name, value)) for label, value in zip(labels, values, strict=True)
    ]
    return Sweep(variations, "linked_settings", parameter)


def of_models(models: Sequence[tuple[Provider, str]], *, anyway: bool = False) -> Sweep:
    refuse_number(len(models))
    labels = [f"{name} of {provider.name}" for provider, name in models]
    refuse_twice(models, labels)
    variations = [Variation(label, model(*each)) for label, each in zip(labels, models, strict=True)]
    return Sweep(variations, anyway=anyway)


def of_system_prompts(texts: Sequence[str]) -> Sweep:
    """An empty text is none."""
    refuse_number(len(texts))
    labels = [f"System prompt {number}" for number in range(1, len(texts) + 1)]
    refuse_twice(texts, labels)
    variations = [Variation(label, system_prompt(text)) for label, text in zip(labels, texts, strict=True)]
    return Sweep(variations, "linked_system_prompt")


def of_prompt_versions(versions: Sequence[PromptVersion]) -> Sweep:
    """Of one saved prompt."""
    refuse_number(len(versions))
    if len({version.prompt_id for version in versions}) > 1:
        raise Refused("Choose versions of one and the same prompt.", status=422)
    labels = [f"v{version.number}" for version in versions]
    refuse_twice(versions, labels)
    variations = [Variation(label, prompt(version)) for label, version in zip(labels, versions, strict=True)]
    return Sweep(variations, "linked_system_prompt")


def values_in(text: str, parameter: Parameter) -> list[str]:
    """One a line. Where no value can hold a comma, a line may hold several. An empty line is a value: not set."""
    values: list[str] = []
    for line in text.removesuffix("\n").split("\n") if text else ():
        pieces = line.split(",") if parameter.kind in APART_BY_COMMAS else [line]
        said = [piece.strip() for piece in pieces if piece.strip()]
        values += said or [""]
    return values


def value_of(parameter: Parameter, text: str) -> Any:
    if not text.strip():
        return None
    try:
        return parameter.parse(text)
    except ValueError as error:
        raise Refused(f"“{shortened(text, LONGEST_LABEL)}” cannot be: {error}", status=422) from None


def label_of(parameter: Parameter, value: Any) -> str:
    return NOT_SET if value is None else shortened(parameter.show(value), LONGEST_LABEL)


def written(value: object) -> str:
    """To compare by: true is not 1 there."""
    return json.dumps(value, sort_keys=True)


def refuse_number(values: int) -> None:
    """First of all: what follows looks at each pair of them."""
    if values < 2:
        raise Refused("A sweep needs at least two values.", status=422)
    if values > MOST_VALUES:
        raise Refused(f"A sweep takes {MOST_VALUES} values at most, and here are {values}.", status=422)


def refuse_twice(values: Sequence[object], labels: Sequence[str]) -> None:
    for (one, label), (other, again) in combinations(zip(values, labels, strict=True), 2):
        if one == other:
            words = f"“{label}” stands here twice" if label == again else f"{label} and {again} are the same"
            raise Refused(f"{words}. Each value is asked once.", status=422)


def setting(name: str, value: Any) -> Callable[[Conversation], None]:
    def change(conversation: Conversation) -> None:
        others = {key: kept for key, kept in conversation.settings.items() if key != name}
        conversation.settings = others if value is None else {**others, name: value}

    return change


def model(provider: Provider, name: str) -> Callable[[Conversation], None]:
    def change(conversation: Conversation) -> None:
        conversation.provider, conversation.model = provider, name

    return change


def system_prompt(text: str) -> Callable[[Conversation], None]:
    return lambda conversation: conversation.say(text)


def prompt(version: PromptVersion) -> Callable[[Conversation], None]:
    return lambda conversation: conversation.use_prompt(version)

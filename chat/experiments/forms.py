"""What people may choose for an experiment: a sweep over values, a number of repeats."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict

from chat import access
from chat.experiments.repeating import MOST_TIMES
from chat.experiments.variations import (
    Sweep,
    of_models,
    of_parameter,
    of_prompt_versions,
    of_system_prompts,
    values_in,
)
from chat.forms import CommandForm, WrittenText
from chat.models import PromptVersion, Provider
from chat.refusals import Refused
from chat.sampling import BY_NAME

KINDS = {
    "parameter": "A parameter",
    "model": "The model",
    "system_prompt": "The system prompt",
    "prompt_version": "The version of a saved prompt",
}
RESULTS = ("panes", "alternatives")
LONGEST_NAME = 300
TIMES = f"Choose a number of times from 1 to {MOST_TIMES}."


class RepeatForm(CommandForm):
    times = forms.IntegerField(
        min_value=1,
        max_value=MOST_TIMES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), TIMES),
    )


class SweepForm(CommandForm):
    """`values` has one value a line. Those that may take several lines come one by one: parameters and system prompts
    in `value`, models in `of_model` (the provider's id, a colon, the name), versions in `version`."""

    kind = forms.ChoiceField(
        choices=list(KINDS.items()),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what the sweep varies."),
    )
    parameter = forms.CharField(required=False)
    values = WrittenText(required=False)
    # Also where a model does not take all that is set.
    anyway = forms.BooleanField(required=False)
    # The pane to vary, by its conversation.
    conversation = forms.UUIDField(required=False)

    def __init__(self, user: User, data: QueryDict) -> None:
        super().__init__(data)
        self.user, self.typed = user, data
        self.fields["as"] = forms.ChoiceField(required=False, choices=[(name, name) for name in RESULTS])

    def sweep(self) -> Sweep:
        """Of a valid form. Raises Refused."""
        by_kind: dict[str, Callable[[], Sweep]] = {
            "parameter": self._of_parameter,
            "model": self._of_models,
            "system_prompt": lambda: of_system_prompts(self._texts()),
            "prompt_version": lambda: of_prompt_versions(self._versions()),
        }
        return by_kind[self.cleaned_data["kind"]]()

    @property
    def content(self) -> str:
        """All that was chosen, so that the same command is told from another."""
        lists = [self.typed.getlist(name) for name in ("value", "of_model", "version")]
        chosen = [
            self.cleaned_data[name]
            for name in ("kind", "parameter", "values", "anyway", "conversation", "as")
        ]
        return f"{chosen} {lists}"

    def _of_parameter(self) -> Sweep:
        parameter = BY_NAME.get(self.cleaned_data["parameter"])
        if parameter is None:
            raise Refused("There is no parameter of this name. Choose one of the list.", status=422)
        return of_parameter(parameter, [*values_in(self.cleaned_data["values"], parameter), *self._texts()])

    def _of_models(self) -> Sweep:
        providers = access.providers(self.user).in_bulk()
        models = [model_in(each, providers) for each in self.typed.getlist("of_model")]
        return of_models(models, anyway=self.cleaned_data["anyway"])

    def _texts(self) -> list[str]:
        """As they were typed. Raises Refused."""
        field = WrittenText(required=False)
        try:
            return [field.clean(text) for text in self.typed.getlist("value")]
        except ValidationError as error:
            raise Refused(str(error.messages[0]), status=422) from None

    def _versions(self) -> list[PromptVersion]:
        ids = [as_id(each) for each in self.typed.getlist("version")]
        rows = access.prompt_versions(self.user).filter(prompt__deleted_at=None).in_bulk(ids)
        if missing := sum(id not in rows for id in ids):
            words = f"{missing} of these versions {'is' if missing == 1 else 'are'} no longer there. Choose again."
            raise Refused(words, status=422)
        return [rows[id] for id in ids]


def model_in(chosen: str, providers: dict[UUID, Provider]) -> tuple[Provider, str]:
    id, _, name = chosen.partition(":")
    if not name.strip() or len(name) > LONGEST_NAME or "\0" in name:
        raise Refused("Choose models of the list.", status=422)
    provider = providers.get(as_id(id))
    if provider is None:
        raise Refused(f"The provider of {name} is no longer there.", status=422)
    return provider, name.strip()


def as_id(text: str) -> UUID:
    """One that nothing has, if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

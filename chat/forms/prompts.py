"""What people may type for a saved prompt."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from chat.models import Prompt
from chat.placeholders import MOST_VARIABLES, TYPES, Variable, names_in, variables_in

from .fields import WrittenText

LONGEST_NOTE = 300
LONGEST_NAME = 120


class NameForm(forms.Form):
    title = forms.CharField(
        max_length=LONGEST_NAME, error_messages={"required": "A name needs at least one letter."}
    )


class VersionForm(forms.Form):
    """The text, a note, and for each placeholder of the text the fields `type:`, `default:`, `required:`, `choices:`.

    `known` are the variables of the version before: a placeholder without fields is described as it was there.
    `faults` says by name what is wrong with a description.
    """

    text = WrittenText(error_messages={"required": "A prompt needs a text."})
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    base = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any = None, known: Sequence[Variable] = ()) -> None:
        super().__init__(data)
        self.known = known
        self.faults: dict[str, str] = {}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise ValidationError("A prompt needs a text.")
        if len(names_in(text)) > MOST_VARIABLES:
            raise ValidationError(
                f"This text has more than {MOST_VARIABLES} placeholders of different names."
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for variable in self.variables():
            if "\0" in f"{variable.default}{variable.choices}":
                self.faults[variable.name] = "has a NUL character in it, which no provider takes"
            elif fault := variable.fault():
                self.faults[variable.name] = fault
        for name, fault in self.faults.items():
            self.add_error(None, f"{name} {fault}.")
        return cleaned

    def variables(self) -> list[Variable]:
        """As they are described now, right or wrong."""
        text = self.data.get("text", "") if self.is_bound else ""
        return [self._described(variable) for variable in variables_in(text, self.known)[:MOST_VARIABLES]]

    def _described(self, variable: Variable) -> Variable:
        name, type = variable.name, self.data.get(f"type:{variable.name}")
        if type not in TYPES:
            return variable
        lines = self.data.get(f"choices:{name}", "").splitlines()
        choices = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
        default = self.data.get(f"default:{name}", "").replace("\r\n", "\n")
        return Variable(name, type, default, f"required:{name}" in self.data, choices)


class PromptForm(VersionForm):
    """A new prompt: its name, what it is for, and its first version."""

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "Give the prompt a name."})
    kind = forms.ChoiceField(choices=Prompt.Kind.choices)


class KeptForm(forms.Form):
    """What is asked for when the system prompt of a chat is saved."""

    prompt_name = forms.CharField(required=False, max_length=LONGEST_NAME)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

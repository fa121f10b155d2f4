"""Commands about messages: each has an id, and says what the page shows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from chat.models import Role
from chat.models.branching import Scope
from chat.models.rearranging import Side
from chat.sampling import BY_NAME

from .fields import WrittenText


class CommandForm(forms.Form):
    """`command` is made by the browser, once for each thing that a person does. `shown` is the end of the page, and
    `have` what is in it (chat/transcript/held.py)."""

    command = forms.UUIDField(error_messages={"invalid": "This form has no valid id. Reload the page."})
    shown = forms.UUIDField(required=False)
    have = forms.CharField(required=False)


class MessageForm(CommandForm):
    """`start` is the start of the answer, if a person has typed one. With `add` the message is one of that role, and
    nothing is asked."""

    start = WrittenText(required=False)
    add = forms.ChoiceField(required=False, choices=[("", ""), *Role.choices])
    message = WrittenText(error_messages={"required": "Write something first."})

    def clean_message(self) -> str:
        text = str(self.cleaned_data["message"])
        if not text.strip():
            raise ValidationError("Write something first.")
        return text

    @property
    def said(self) -> str:
        """All that a person wrote."""
        start = self.cleaned_data["start"]
        role = self.cleaned_data["add"]
        said = f"{self.cleaned_data['message']}{f' | {start}' if start.strip() else ''}"
        return f"{role}: {said}" if role else said


class RegenerateForm(CommandForm):
    without = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in BY_NAME)])


class EditForm(CommandForm):
    """`revision` is that of the words that the editor was opened with; `over` that of newer ones, seen and given up."""

    text = WrittenText(error_messages={"required": "An empty message cannot be saved. Delete it instead."})
    run = forms.BooleanField(required=False)
    revision = forms.IntegerField(required=False, min_value=0)
    over = forms.IntegerField(required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("over") is not None:
            cleaned["revision"] = cleaned["over"]
        if cleaned.get("revision") is None and not cleaned.get("run"):
            self.add_error("revision", "This form does not say which words it changes. Reload the page.")
        return cleaned


class OriginalForm(CommandForm):
    revision = forms.IntegerField(
        min_value=0,
        error_messages={"required": "This form does not say which words it changes. Reload the page."},
    )


class BranchForm(CommandForm):
    scope = forms.ChoiceField(
        choices=Scope.choices,
        error_messages={"required": "Choose what comes along.", "invalid_choice": "Choose what comes along."},
    )


ROLE_ERRORS = dict.fromkeys(
    ("required", "invalid_choice"), "A message is of the role system, user, assistant or tool."
)
SIDE_ERRORS = dict.fromkeys(("required", "invalid_choice"), "Say on which side: above or below.")


class RoleForm(CommandForm):
    role = forms.ChoiceField(choices=Role.choices, error_messages=ROLE_ERRORS)


class AdditionForm(RoleForm):
    side = forms.ChoiceField(choices=Side.choices, error_messages=SIDE_ERRORS)
    text = WrittenText(error_messages={"required": "Write something first."})


class PlaceForm(CommandForm):
    """So many places down, or up if it is negative; or to a side of another message."""

    by = forms.IntegerField(required=False)
    beside = forms.UUIDField(required=False)
    side = forms.ChoiceField(required=False, choices=Side.choices, error_messages=SIDE_ERRORS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("by") and not (cleaned.get("beside") and cleaned.get("side")):
            raise ValidationError("Say where it is to stand.")
        return cleaned

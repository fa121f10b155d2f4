"""What is typed of a conversation beside its messages: title, system prompt, model, parameters, preset, budget."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from chat import access
from chat.models import Conversation, PromptVersion
from chat.sampling import PARAMETERS, contradiction

from .fields import WrittenText

BUDGET_ERRORS = {
    "invalid": "A budget is a number of dollars, such as 2.50.",
    "min_value": "A budget cannot be below zero.",
}
# What is typed for a placeholder comes in a field of this name and the name of the placeholder.
TYPED = "variable:"


class SettingsForm(forms.Form):
    """System prompt, model and parameters of a conversation. A field left empty is not set, and so not sent."""

    system_prompt = WrittenText(required=False)
    prompt_version = forms.UUIDField(required=False)
    provider = forms.UUIDField(required=False)
    model = forms.CharField(required=False, max_length=300)
    # Where they stand in the page, if it is one of a comparison.
    pane = forms.UUIDField(required=False)
    budget = forms.FloatField(required=False, min_value=0, error_messages=BUDGET_ERRORS)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        for parameter in PARAMETERS:
            self.fields[parameter.name] = WrittenText(required=False)
        for name in self.data:
            if name.startswith(TYPED):
                self.fields[name] = WrittenText(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for parameter in PARAMETERS:
            typed = cleaned.get(parameter.name) or ""
            try:
                cleaned[parameter.name] = parameter.parse(typed) if typed.strip() else None
            except ValueError as error:
                self.add_error(parameter.name, str(error))
        if found := contradiction(self._set_parameters(cleaned)):
            self.add_error(*found)
        if cleaned.get("provider"):
            cleaned["provider"] = access.providers(self.user).filter(pk=cleaned["provider"]).first()
        return cleaned

    def clean_prompt_version(self) -> PromptVersion | None:
        id = self.cleaned_data["prompt_version"]
        version = access.prompt_versions(self.user).filter(pk=id).first() if id else None
        if id and version is None:
            raise ValidationError("The saved prompt of this conversation is no longer there. Detach it.")
        return version

    def apply_to(self, conversation: Conversation) -> None:
        """Only what the form holds: a page that shows no panel changes no settings."""
        cleaned = self.cleaned_data
        if "prompt_version" in self.data:
            conversation.variables = {
                name.removeprefix(TYPED): typed for name, typed in cleaned.items() if name.startswith(TYPED)
            }
            if version := cleaned["prompt_version"]:
                conversation.use_prompt(version)
            else:
                conversation.say(conversation.system_prompt)
        if "budget" in self.data:
            conversation.budget = cleaned["budget"]
        if "system_prompt" in self.data:
            conversation.system_prompt = cleaned["system_prompt"]
        if self.data.get("provider") and cleaned["model"]:
            # None if it is no longer there: another model than the page shows must not be asked.
            conversation.provider = cleaned["provider"]
            if conversation.provider:
                conversation.model = cleaned["model"].strip()
        kept = {name: value for name, value in conversation.settings.items() if name not in self.data}
        conversation.settings = {**kept, **self._set_parameters(cleaned)}

    def _set_parameters(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {p.name: cleaned[p.name] for p in PARAMETERS if cleaned.get(p.name) is not None}


class TitleForm(forms.Form):
    title = forms.CharField(max_length=200, error_messages={"required": "A title needs at least one letter."})


class PageForm(forms.Form):
    """The conversation that the page shows; none for a new one."""

    conversation = forms.UUIDField(required=False)


class ModelForm(forms.Form):
    """A model of a list, or any id that a person typed."""

    of_provider = forms.UUIDField(error_messages={"required": "Say whose model it is."})
    named = forms.CharField(max_length=300, error_messages={"required": "Say which model."})


class PresetForm(forms.Form):
    preset_name = forms.CharField(max_length=80, error_messages={"required": "Give the preset a name."})
    with_system_prompt = forms.BooleanField(required=False)
    for_new_chats = forms.BooleanField(required=False)


class BudgetForm(forms.Form):
    per_day = forms.FloatField(required=False, min_value=0, error_messages=BUDGET_ERRORS)

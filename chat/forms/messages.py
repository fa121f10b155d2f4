"""What people may type. Every error says what is wrong and stands beside its field."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from chat import access
from chat.completions import DIALECTS, guess_dialect, normalise_base_url
from chat.completions.endpoint import clean_key
from chat.models import Conversation, PromptVersion, Provider, Role
from chat.models.branching import Scope
from chat.models.rearranging import Side
from chat.refusals import Refused
from chat.sampling import BY_NAME, PARAMETERS, contradiction

LONGEST_TEXT = 2_000_000
ADDRESS_TAKEN = "There is a provider with this address already."


class WrittenText(forms.CharField):
    """Text exactly as it was typed: only the line ends that forms put in are taken out again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, max_length=LONGEST_TEXT, **kwargs)
        self.error_messages["max_length"] = (
            f"This is too long: %(show_value)s characters, and {LONGEST_TEXT:,} are the most."
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        if "\x00" in value:
            raise ValidationError(
                "This holds a NUL character, which no provider takes. Remove it and try again."
            )
        super().validate(value)


BUDGET_ERRORS = {
    "invalid": "A budget is a number of dollars, such as 2.50.",
    "min_value": "A budget cannot be below zero.",
}

MOST_AT_ONCE = 1000
LIMIT_ERRORS = dict.fromkeys(
    ("invalid", "min_value", "max_value"),
    f"A limit is a whole number from 1 to {MOST_AT_ONCE:,}. Leave it empty for none.",
)

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


class CommandForm(forms.Form):
    """`command` is made by the browser, once for each thing that a person does. `shown` is the end of the page, and
    `have` what is in it (chat/held.py)."""

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


class ProviderForm(forms.Form):
    name = forms.CharField(max_length=80, error_messages={"required": "Give it a name."})
    base_url = forms.CharField(max_length=500, error_messages={"required": "Enter the base URL."})
    key = forms.CharField(required=False, max_length=4000)
    dialect = forms.ChoiceField(required=False, choices=[("", "")])
    most_at_once = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_AT_ONCE, error_messages=LIMIT_ERRORS
    )

    def __init__(self, owner: User | None, data: Any = None, provider: Provider | None = None) -> None:
        """`owner` is None for a provider that all share."""
        super().__init__(data)
        self.owner = owner
        self.provider = provider
        self.fields["dialect"].choices = [("", "as the address suggests"), *dialect_choices()]  # type: ignore[attr-defined]

    def clean_base_url(self) -> str:
        try:
            return normalise_base_url(self.cleaned_data["base_url"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_key(self) -> str:
        try:
            return clean_key(self.cleaned_data["key"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.at_same_address(cleaned.get("base_url", "")):
            self.add_error("base_url", ADDRESS_TAKEN)
        return cleaned

    def at_same_address(self, address: str) -> Provider | None:
        same = Provider.objects.filter(owner=self.owner, removed=False, base_url=address)
        return (same.exclude(pk=self.provider.pk) if self.provider else same).first()

    def already_done(self) -> Provider | None:
        """The provider that this very form has added: its button was pressed twice."""
        typed = {name: self.data.get(name, "").strip() for name in ("name", "base_url", "key")}
        try:
            there = self.at_same_address(normalise_base_url(typed["base_url"]))
        except ValueError:
            return None
        same = (
            there is not None
            and there.name == typed["name"]
            and there.has_key(typed["key"])
            # Not there at all if it was no limit.
            and there.most_at_once == self.cleaned_data.get("most_at_once", 0)
        )
        return there if same else None

    def save(self) -> Provider:
        """Raises IntegrityError if another request took the address meanwhile."""
        cleaned = self.cleaned_data
        provider = self.provider or Provider(owner=self.owner, base_url=cleaned["base_url"])
        provider.name = cleaned["name"].strip()
        provider.move_to(cleaned["base_url"])
        provider.dialect = cleaned["dialect"] or guess_dialect(cleaned["base_url"])
        provider.most_at_once = cleaned["most_at_once"]
        if cleaned["key"]:
            provider.key = cleaned["key"]
        provider.trouble = ""
        provider.save()
        return provider


def dialect_choices() -> list[tuple[str, str]]:
    return [(name, dialect.label) for name, dialect in DIALECTS.items()]


def check(*given: forms.Form) -> None:
    """Raises Refused with what is wrong first."""
    for form in given:
        if not form.is_valid():
            raise Refused(first_error(form), status=422)


def first_error(form: forms.Form) -> str:
    """What is wrong, for a place that has room for one sentence."""
    return next((str(errors.as_data()[0].messages[0]) for errors in form.errors.values()), "")

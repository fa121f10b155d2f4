"""A provider, as its operator or a user types it."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from chat.completions import DIALECTS, guess_dialect, normalise_base_url
from chat.completions.endpoint import clean_key
from chat.models import Provider

ADDRESS_TAKEN = "There is a provider with this address already."
MOST_AT_ONCE = 1000
LIMIT_ERRORS = dict.fromkeys(
    ("invalid", "min_value", "max_value"),
    f"A limit is a whole number from 1 to {MOST_AT_ONCE:,}. Leave it empty for none.",
)


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

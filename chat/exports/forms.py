from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from chat.forms import WrittenText


class SelectionForm(forms.Form):
    """These entries of the history, by their ids, or all that the filter of the page lets through."""

    entries = WrittenText(required=False)
    everything = forms.BooleanField(required=False)

    def clean_entries(self) -> list[UUID]:
        try:
            return [UUID(each) for each in self.cleaned_data["entries"].split(",") if each]
        except ValueError:
            raise ValidationError("These are no ids of conversations. Reload the page.") from None

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("everything") and not cleaned.get("entries"):
            self.add_error("entries", "Select a conversation first.")
        return cleaned

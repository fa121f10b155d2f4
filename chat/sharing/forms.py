"""What the owner of a link may choose."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .options import CHOICES, Options

KEEP, ON_A_DATE, NEVER = "keep", "date", "never"
USUAL = "30"
EXPIRIES = {
    "1": "in a day", "7": "in 7 days", USUAL: "in 30 days", "90": "in 90 days", "365": "in a year",
    ON_A_DATE: "on a date", NEVER: "never",
}  # fmt: skip
LONGEST_LIST = 250_000


class IdsField(forms.CharField):
    """Ids with commas between them: a list of fields may have only so many."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=LONGEST_LIST)

    def to_python(self, value: Any) -> Any:
        try:
            return frozenset(UUID(id) for id in str(value or "").split(",") if id)
        except ValueError:
            raise ValidationError("This names messages that cannot be. Reload the page.") from None

    def validate(self, value: Any) -> None:
        pass

    def run_validators(self, value: Any) -> None:
        pass


class ExpiryForm(forms.Form):
    expires = forms.ChoiceField(
        required=False, choices=[(KEEP, "as it is"), *EXPIRIES.items()],
        error_messages={"invalid_choice": "Say when the link is to end."},
    )  # fmt: skip
    until = forms.DateField(required=False, error_messages={"invalid": "This is no date."})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("expires") == ON_A_DATE and not self.errors:
            until = cleaned.get("until")
            if until is None:
                self.add_error("until", "Say on which day the link is to end.")
            elif until < timezone.localdate():
                self.add_error("until", "This day is over. Choose one that is to come.")
            elif until == date.max:
                self.add_error("until", "No day comes after this one. Choose an earlier one.")
        return cleaned

    def expires_at(self, now: datetime, before: datetime | None) -> datetime | None:
        """`before` is what it is so far. A day counts to its end."""
        wish = self.cleaned_data["expires"] or USUAL
        if wish == KEEP:
            return before
        if wish == NEVER:
            return None
        if wish == ON_A_DATE:
            day = self.cleaned_data["until"] + timedelta(days=1)
            return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
        return now + timedelta(days=int(wish))


class ShareForm(ExpiryForm):
    author = forms.BooleanField(required=False)
    author_name = forms.CharField(required=False, max_length=80)
    title = forms.CharField(required=False, max_length=200)
    hidden = IdsField()
    unmuted = IdsField()
    knowingly = forms.BooleanField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in CHOICES:
            self.fields[name] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("author") and not cleaned.get("author_name"):
            self.add_error("author_name", "Say by which name you are to be named, or take the tick away.")
        return cleaned

    def options(self) -> Options:
        cleaned = self.cleaned_data
        return Options(
            **{name: cleaned[name] for name in CHOICES},
            author=cleaned["author_name"] if cleaned["author"] else "",
            title=cleaned["title"],
            hidden=cleaned["hidden"],
            unmuted=cleaned["unmuted"],
        )

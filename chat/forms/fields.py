"""Text exactly as it was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST_TEXT = 2_000_000


class WrittenText(forms.CharField):
    """Only the line ends that forms put in are taken out again."""

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

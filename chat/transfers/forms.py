from django import forms

from chat.forms import CommandForm


class UploadForm(CommandForm):
    """What is told of a file before any of it comes."""

    name = forms.CharField(required=False)
    size = forms.IntegerField(
        min_value=0,
        max_value=2**60,
        error_messages={"required": "Choose a file first.", "invalid": "Choose a file first."},
    )

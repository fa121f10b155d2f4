"""What people may type and press in a comparison."""

from uuid import UUID

from django import forms

from chat.forms import CommandForm, MessageForm, WrittenText
from chat.models import Pane

TIE = "tie"
NO_CHOICE = "Say which answer is better, or that it is a tie."


class RoundForm(MessageForm):
    """The words for all linked panes. `settings_of` is the pane whose settings the page shows, by its conversation."""

    settings_of = forms.UUIDField(required=False)


class RunsForm(CommandForm):
    """Only this pane, or all that are linked."""

    pane = forms.UUIDField(required=False)
    settings_of = forms.UUIDField(required=False)


class NewPaneForm(CommandForm):
    """A copy of this pane, or an empty one."""

    copy = forms.UUIDField(required=False)


class NewComparisonForm(CommandForm):
    """Without `send` the comparison is made, and nothing is sent."""

    message = WrittenText(required=False)
    send = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("send") and not str(cleaned.get("message") or "").strip():
            self.add_error("message", "Write something first.")
        return cleaned


class VoteForm(CommandForm):
    """`best` is a pane, or None for a tie."""

    best = forms.CharField(error_messages={"required": NO_CHOICE})
    tag = forms.CharField(required=False, max_length=80)

    def clean_best(self) -> UUID | None:
        typed = self.cleaned_data["best"]
        try:
            return None if typed == TIE else UUID(typed)
        except ValueError:
            raise forms.ValidationError(NO_CHOICE) from None


class PlaceForm(forms.Form):
    place = forms.IntegerField(min_value=0, max_value=1000, error_messages={"required": "Say which place."})


class LinkForm(forms.Form):
    link = forms.ChoiceField(choices=[(name.removeprefix("linked_"), name) for name in Pane.LINKS])
    linked = forms.BooleanField(required=False)

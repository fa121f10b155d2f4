"""What is wrong with a form, in one sentence."""

from django import forms

from chat.refusals import Refused


def check(*given: forms.Form) -> None:
    """Raises Refused with what is wrong first."""
    for form in given:
        if not form.is_valid():
            raise Refused(first_error(form), status=422)


def first_error(form: forms.Form) -> str:
    """What is wrong, for a place that has room for one sentence."""
    return next((str(errors.as_data()[0].messages[0]) for errors in form.errors.values()), "")

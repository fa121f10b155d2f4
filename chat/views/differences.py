"""What differs between two messages of the same person, wherever they stand."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import access, history
from chat.comparisons.figures import last_answers
from chat.comparisons.panes import numbered
from chat.differences import between
from chat.models import Message, Pane
from chat.who import SignedIn

VIEWS = ("line", "beside")
CHOOSE = (
    "Two messages are compared here. Choose Difference at an answer that has alternatives or in a comparison, Compare "
    "with… under More at any message, or mark two in the tree of a conversation."
)
TOO_FEW = "There are not two answers to compare yet."


@require_safe
def show(request: SignedIn) -> HttpResponse:
    a, b = asked_for(request, "a"), asked_for(request, "b")
    if a is None or b is None:
        return in_words(request, CHOOSE)
    found = between(request.user, a, b)
    view = request.GET.get("view", "")
    context = {
        **found,
        "view": view if view in VIEWS else VIEWS[0],
        "history": history.page_of(request.user),
        "current": str(found["b"].pane.comparison_id if found["b"].pane else b.conversation_id),
    }
    return render(request, "differences/show.html", context)


@require_safe
def of_comparison(request: SignedIn, id: UUID) -> HttpResponse:
    """The last answers of the first two panes that have one, or of those whose numbers `panes` says."""
    comparison = access.comparison(request.user, id)
    panes = chosen(request, numbered(comparison))
    answers = [answer for answer in last_answers(panes).values() if answer]
    if len(answers) < 2:
        return in_words(request, TOO_FEW, id)
    return redirect(f"{reverse('difference')}?{urlencode({'a': answers[0].pk, 'b': answers[1].pk})}")


def chosen(request: SignedIn, panes: list[Pane]) -> list[Pane]:
    typed = request.GET.get("panes", "")
    if not typed:
        return panes
    by_number = {str(pane.number): pane for pane in panes}
    try:
        return [by_number[number.strip()] for number in typed.split(",")]
    except KeyError:
        raise Http404 from None


def asked_for(request: SignedIn, name: str) -> Message | None:
    """None where it is not said. What is no id is not found."""
    typed = request.GET.get(name, "")
    try:
        return access.message(request.user, UUID(typed)) if typed else None
    except ValueError:
        raise Http404 from None


def in_words(request: SignedIn, words: str, comparison: UUID | None = None) -> HttpResponse:
    context = {
        "words": words,
        "comparison": comparison,
        "history": history.page_of(request.user),
        "current": str(comparison or ""),
    }
    return render(request, "differences/none.html", context)

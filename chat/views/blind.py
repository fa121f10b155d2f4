"""Blind rounds: begun from a comparison, voted on, revealed."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from chat import access
from chat.commands import Effects, command, once
from chat.comparisons.blind import TooLate, ballot_of, begin_round, cast_vote, reveal
from chat.comparisons.forms import VoteForm
from chat.comparisons.panes import numbered
from chat.forms import CommandForm, first_error
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Vote
from chat.refusals import Refused
from chat.who import SignedIn


@command("POST")
def create(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The same panes in a comparison that hides which is which. One round after the other keeps its tag."""
    comparison, form = access.comparison(request.user, id), CommandForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)

    def act() -> tuple[Conversation, list[Job]]:
        first, *_ = begin_round(comparison).shown_panes()
        return first.conversation, []

    conversation = once(request.user, form.cleaned_data["command"], f"blind {id}", effects, act)
    # Asked once more, the round may have been deleted since.
    pane = get_object_or_404(access.panes(request.user, blind=True), conversation=conversation)
    vote = Vote.objects.filter(comparison=comparison).first()
    return go_to(pane.comparison_id, tag=vote.tag if vote else "")


@command("POST")
def vote(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The better answer, or a tie. Who votes sees which is which from then on."""
    comparison, form = access.comparison(request.user, id, blind=True), VoteForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    best, tag = form.cleaned_data["best"], form.cleaned_data["tag"]

    def act() -> tuple[Conversation, list[Job]]:
        cast_vote(comparison, best, tag)
        return comparison.shown_panes()[0].conversation, []

    try:
        once(request.user, form.cleaned_data["command"], f"vote {id} {best} {tag}", effects, act)
    except TooLate:
        return too_late(request, comparison)
    return revealed(effects, comparison)


@command("POST")
def reveal_it(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Without a vote."""
    comparison = access.comparison(request.user, id, blind=True)
    try:
        reveal(comparison)
    except TooLate:
        return too_late(request, comparison)
    return revealed(effects, comparison)


def revealed(effects: Effects, comparison: Comparison) -> HttpResponse:
    effects.rearranged.append(comparison.pk)
    effects.changed.extend(pane.conversation_id for pane in comparison.shown_panes())
    return go_to(comparison.pk)


def too_late(request: SignedIn, comparison: Comparison) -> HttpResponse:
    """In words, with the way to what is revealed."""
    comparison.refresh_from_db()
    context = {"comparison": comparison, **ballot_of(comparison, numbered(comparison))}
    return render(request, "blind/_too_late.html", context, status=409)


def go_to(id: UUID, tag: str = "") -> HttpResponse:
    response = HttpResponse(status=204)
    query = f"?{urlencode({'tag': tag})}" if tag else ""
    response["HX-Redirect"] = reverse("comparison", kwargs={"id": id}) + query
    return response

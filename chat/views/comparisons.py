"""Comparisons: prepared, made, shown, named, pinned and deleted."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from chat import access, history, transcript
from chat.commands import Effects, command, once
from chat.comparisons.blind import ballot_of
from chat.comparisons.figures import figures, heard, last_answers, totals
from chat.comparisons.forms import NewComparisonForm
from chat.comparisons.panes import compare, compare_chat, numbered
from chat.comparisons.preparation import Prepared, another, from_link, from_page, refuse_unready
from chat.comparisons.rounds import send_to
from chat.forms import CommandForm, TitleForm, first_error
from chat.generation.begin import Job
from chat.models import FEWEST_PANES, MOST_PANES, Comparison, Conversation, Pane
from chat.refusals import Refused
from chat.tally import tallies_of
from chat.who import SignedIn


@require_safe
def new(request: SignedIn) -> HttpResponse:
    """A comparison that is not there until something is done with it. A link may say with which models and words."""
    prepared = from_link(request.user, request.GET.get("models", ""), request.GET.get("prompt", ""))
    context = {**setup_context(prepared), "history": history.page_of(request.user), "current": ""}
    return render(request, "comparisons/new.html", context)


@require_POST
def setup(request: SignedIn) -> HttpResponse:
    """The panes that are being prepared, with one more or one less. Nothing is stored."""
    prepared = chosen(request)
    found = prepared.conversations
    if "add" in request.POST and len(found) < MOST_PANES:
        found.append(another(request.user, found))
    place = request.POST.get("remove", "")
    if place in map(str, range(len(found))) and len(found) > FEWEST_PANES:
        del found[int(place)]
    return render(request, "comparisons/_setup.html", setup_context(prepared))


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    """The page that was prepared becomes a comparison, and its words are sent if that was asked for."""
    form = NewComparisonForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    prepared, text = chosen(request), form.cleaned_data["message"]

    def act() -> tuple[Conversation, list[Job]]:
        comparison = compare(request.user, prepared.conversations)
        panes = numbered(comparison)
        if not form.cleaned_data["send"]:
            return panes[0].conversation, []
        refuse_unready(prepared)
        nothing_yet = dict.fromkeys(pane.conversation_id for pane in panes)
        return panes[0].conversation, send_to(comparison, panes, nothing_yet, text)

    models = [(each.provider_id, each.model) for each in prepared.conversations]
    content = f"compare {form.cleaned_data['send']} {models} {text}"
    conversation = once(request.user, form.cleaned_data["command"], content, effects, act)
    return go_to(request, conversation)


@command("POST")
def create_from_chat(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The first pane goes on with this chat, the second is a copy of what it shows."""
    chat, form = access.conversation(request.user, id), CommandForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)

    def act() -> tuple[Conversation, list[Job]]:
        first, *_ = compare_chat(chat).shown_panes()
        return first.conversation, []

    conversation = once(request.user, form.cleaned_data["command"], f"compare {id}", effects, act)
    return go_to(request, conversation)


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    comparison = access.comparison(request.user, id, blind=True)
    panes, at = numbered(comparison), access.message_at(request.user, request.GET.get("at", ""))
    # Before the figures: an answer that ends between the two is shown as running, and the page asks once it hears.
    shown = [
        (pane, transcript.opening_page(pane.conversation, at, transcript.MESSAGES_IN_A_PANE))
        for pane in panes
    ]
    context = {
        **foot_context(comparison, panes),
        "shown": shown,
        "history": history.page_of(request.user),
        "current": str(comparison.pk),
        "full": len(panes) >= MOST_PANES,
        "tag": request.GET.get("tag", ""),
    }
    return render(request, "comparisons/show.html", context)


@require_safe
def figures_now(request: SignedIn, id: UUID) -> HttpResponse:
    """The figures beneath the panes as they are now, the sums, and what the next estimate is made from."""
    comparison = access.comparison(request.user, id, blind=True)
    return render(request, "comparisons/_figures.html", foot_context(comparison, numbered(comparison)))


@command("POST")
def title(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    comparison, form = access.comparison(request.user, id, blind=True), TitleForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    comparison.title = form.cleaned_data["title"]
    comparison.save(update_fields=["title"])
    return changing_history(render(request, "comparisons/_title.html", {"comparison": comparison}))


@command("POST", "DELETE")
def pin(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    comparison = access.comparison(request.user, id, blind=True)
    comparison.pinned = request.method == "POST"
    comparison.save(update_fields=["pinned"])
    return changing_history(HttpResponse(status=204))


@command("POST", "DELETE")
def deletion(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST deletes, DELETE takes that back."""
    if request.method == "POST":
        comparison = access.comparison(request.user, id, blind=True)
        comparison.delete_for_now()
    else:
        comparison = access.deleted_comparison(request.user, id)
        comparison.restore()
    effects.rearranged.append(id)
    context = {"comparison": comparison, "deleted": request.method == "POST"}
    return changing_history(render(request, "comparisons/_deletion.html", context))


def chosen(request: SignedIn) -> Prepared:
    """What the pickers of the page hold."""
    pairs = zip(request.POST.getlist("provider"), request.POST.getlist("model"), strict=False)
    return from_page(request.user, list(pairs), request.POST.getlist("unlisted"))


def setup_context(prepared: Prepared) -> dict[str, Any]:
    return {"prepared": prepared, "full": len(prepared.conversations) >= MOST_PANES, "fewest": FEWEST_PANES}


def foot_context(comparison: Comparison, panes: list[Pane]) -> dict[str, Any]:
    """By pane: its figures, and what sending would take there. Of a blind round only what a vote needs."""
    shown = {"comparison": comparison, "panes": panes, **ballot_of(comparison, panes)}
    if comparison.hides:
        return shown
    answers = last_answers(panes)
    return {
        **shown,
        "answers": answers,
        "figures": figures(answers),
        "heard": heard(panes, answers),
        "tallies": tallies_of(panes),
        "total": totals(panes),
    }


def go_to(request: SignedIn, conversation: Conversation) -> HttpResponse:
    """To the newest comparison that this conversation is a pane of: asked twice, it is the same one."""
    pane = access.panes(request.user).filter(conversation=conversation).order_by("-pk").first()
    response = HttpResponse(status=204)
    response["HX-Redirect"] = (
        reverse("comparison", kwargs={"id": pane.comparison_id}) if pane else "/compare/"
    )
    return response


def changing_history(response: HttpResponse) -> HttpResponse:
    """The list of conversations in the page asks for itself again."""
    response["HX-Trigger"] = json.dumps({"history-changed": {}})
    return response

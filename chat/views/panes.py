"""The panes of a comparison: added, copied, moved, linked, set and taken out."""

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from chat import access, transcript
from chat.commands import Effects, command, once
from chat.comparisons.figures import figures, heard, last_answers
from chat.comparisons.forms import LinkForm, NewPaneForm, PlaceForm
from chat.comparisons.linking import edit
from chat.comparisons.panes import (
    add_empty_pane,
    bring_back_pane,
    copy_pane,
    move_pane,
    numbered,
    remove_pane,
)
from chat.forms import SettingsForm, first_error
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Pane
from chat.panel import panel_context
from chat.refusals import Refused, refuse_blind
from chat.tally import tallies_of
from chat.who import SignedIn

Settings = tuple[object, ...]
SET = ("system_prompt", "prompt_version_id", "variables", "provider_id", "model", "settings", "budget")


@command("POST")
def create(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """An empty one at the end, or a copy beside the one it is a copy of."""
    comparison, form = access.comparison(request.user, id), NewPaneForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    copied = form.cleaned_data["copy"]
    original = access.pane(request.user, copied) if copied else None
    if original and original.comparison_id != id:
        raise Http404

    def act() -> tuple[Conversation, list[Job]]:
        pane = copy_pane(original) if original else add_empty_pane(comparison)
        return pane.conversation, []

    content = f"pane {id} {copied}"
    conversation = once(request.user, form.cleaned_data["command"], content, effects, act)
    return telling(HttpResponse(status=204), effects, comparison.panes.get(conversation=conversation))


@command("POST", "DELETE")
def removal(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST takes it out, DELETE takes that back."""
    if request.method == "POST":
        pane = access.pane(request.user, id)
        remove_pane(pane)
        return telling(render(request, "comparisons/_removed.html", {"pane": pane}), effects, pane)
    pane = access.removed_pane(request.user, id)
    bring_back_pane(pane)
    return telling(render(request, "comparisons/_brought_back.html"), effects, pane)


@command("POST")
def place(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    pane, form = access.pane(request.user, id), PlaceForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    move_pane(pane, form.cleaned_data["place"])
    return telling(HttpResponse(status=204), effects, pane)


@command("POST")
def links(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """One thing that it shares with the linked panes beside it, or no longer does."""
    pane, form = access.pane(request.user, id, blind=True), LinkForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form), status=422)
    refuse_blind(pane.conversation.blind and form.cleaned_data["link"] != "scrolling")
    name = f"linked_{form.cleaned_data['link']}"
    setattr(pane, name, form.cleaned_data["linked"])
    pane.save(update_fields=[name])
    pane.comparison.rearrange()
    effects.rearranged.append(pane.comparison_id)
    return HttpResponse(status=204)


@require_safe
def order(request: SignedIn, id: UUID) -> HttpResponse:
    """Which panes there are now: the page asks when another tab has changed them."""
    return JsonResponse({"order": order_of(access.comparison(request.user, id, blind=True))})


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """One pane: the page asks for those that it does not have yet."""
    return render(request, "comparisons/_pane.html", pane_context(access.pane(request.user, id)))


@require_safe
def drawer(request: SignedIn, id: UUID) -> HttpResponse:
    """The settings of this pane, to be changed."""
    pane = in_its_place(access.pane(request.user, id))
    return render(request, "comparisons/_settings.html", {**panel_context(pane.conversation), "pane": pane})


@command("POST")
def settings(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Saved as they are changed, in the linked panes too. What cannot be right is told beside its field."""
    pane, form = access.pane(request.user, id), SettingsForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "settings/_errors.html", {"errors": form.errors}, status=422)
    panes = numbered(pane.comparison)
    pane = next((each for each in panes if each.pk == id), pane)
    before: list[Settings] = []

    def change(conversation: Conversation) -> None:
        before.append(settings_of(conversation))
        form.apply_to(conversation)

    with transaction.atomic():
        changed = [pane, *edit(pane, panes, change)]
        if before != [settings_of(pane.conversation)]:
            # Other tabs show them, too.
            pane.comparison.rearrange()
            effects.rearranged.append(pane.comparison_id)
    return render(request, "comparisons/_summaries.html", {"panes": changed})


def settings_of(conversation: Conversation) -> Settings:
    return tuple(getattr(conversation, name) for name in SET)


@require_POST
def panel(request: SignedIn, id: UUID) -> HttpResponse:
    """The panel of this pane as it is for what is typed now. Nothing is saved."""
    pane, form = access.pane(request.user, id), SettingsForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "settings/_errors.html", {"errors": form.errors}, status=422)
    form.apply_to(pane.conversation)
    return render(request, "settings/_panel.html", {**panel_context(pane.conversation), "pane": pane})


def pane_context(pane: Pane) -> dict[str, Any]:
    """What the template of a pane needs."""
    pane = in_its_place(pane)
    # The messages first, as in a whole comparison.
    page, answers = (
        transcript.newest_page(pane.conversation, transcript.MESSAGES_IN_A_PANE),
        last_answers([pane]),
    )
    return {
        "comparison": pane.comparison,
        "pane": pane,
        "page": page,
        "answers": answers,
        "figures": figures(answers),
        "heard": heard([pane], answers),
        "tallies": tallies_of([pane]),
    }


def in_its_place(pane: Pane) -> Pane:
    """With its number."""
    return next((other for other in numbered(pane.comparison) if other.pk == pane.pk), pane)


def telling(response: HttpResponse, effects: Effects, pane: Pane) -> HttpResponse:
    """The page fetches what it does not have and puts its panes in order, and so do other tabs."""
    effects.rearranged.append(pane.comparison_id)
    changed = {"panes-changed": {"order": order_of(pane.comparison)}, "history-changed": {}}
    response["HX-Trigger"] = json.dumps(changed)
    return response


def order_of(comparison: Comparison) -> list[str]:
    return [str(pane.pk) for pane in comparison.shown_panes()]

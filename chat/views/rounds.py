"""Rounds of a comparison: what is sent to all linked panes at once, and their last answers once more."""

import json
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from chat import access, transcript
from chat.commands import Effects, command, once
from chat.comparisons.forms import RoundForm, RunsForm
from chat.comparisons.linking import edit
from chat.comparisons.panes import held, numbered
from chat.comparisons.rounds import named, run_again, send_to
from chat.forms import SettingsForm, check
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Message, Pane, Role
from chat.models.branch import NOT_SHOWN, WITH_ITS_CALL
from chat.refusals import Refused, refuse_blind
from chat.who import SignedIn

# Before the conversation of a pane, in the name of the field that says what the page shows of it.
SHOWN = "shown:"


@command("POST")
def create(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Send: the same words to every linked pane, with the models and settings that the page shows. Or only add them."""
    comparison, form = access.comparison(request.user, id, blind=True), RoundForm(request.POST)
    check(form)
    panes = numbered(comparison)
    shown = shown_in(request, panes)
    said = form.cleaned_data
    refuse_blind(comparison.hides and bool(said["add"] or said["start"].strip()))

    def act() -> tuple[Conversation, list[Job]]:
        now = held(comparison)
        take_over(request, now, said["settings_of"])
        fed = [pane for pane in now if pane.linked_input]
        added_as = Role(said["add"]) if said["add"] else None
        jobs = send_to(comparison, fed, shown, said["message"], start=said["start"], added_as=added_as)
        return fed[0].conversation, jobs

    content = f"round {id} {ends_in(request)} {form.said}"
    once(request.user, said["command"], content, effects, act)
    return changes(request, comparison, panes, shown)


@command("POST")
def run(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The last question once more: of one pane, or of all that are linked."""
    comparison, form = access.comparison(request.user, id, blind=True), RunsForm(request.POST)
    check(form)
    panes, only = numbered(comparison), form.cleaned_data["pane"]
    if only and only not in [pane.pk for pane in panes]:
        raise Http404
    shown = shown_in(request, panes)

    def act() -> tuple[Conversation, list[Job]]:
        now = held(comparison)
        take_over(request, now, form.cleaned_data["settings_of"])
        meant = [pane for pane in now if (pane.pk == only if only else pane.linked_input)]
        its_own = {pane.conversation_id for pane in meant}
        # What became of the other panes is nothing to one that runs alone.
        ends = {id: end for id, end in shown.items() if id in its_own} if only else shown
        jobs = run_again(comparison, meant, ends)
        return meant[0].conversation, jobs

    content = f"run {id} {only} {ends_in(request)}"
    once(request.user, form.cleaned_data["command"], content, effects, act)
    return changes(request, comparison, panes, shown)


def take_over(request: SignedIn, panes: list[Pane], settings_of: UUID | None) -> None:
    """The settings and the models are what the page shows, whatever another tab has stored since. A blind round shows
    none: there they stay."""
    for pane in panes:
        if pane.conversation.blind:
            continue
        with named(pane):
            if pane.conversation_id == settings_of:
                form = checked(SettingsForm(request.user, without_model(request)))
                edit(pane, panes, form.apply_to)
            key = str(pane.conversation_id)
            typed = {name: request.POST.get(f"{name}:{key}", "") for name in ("provider", "model")}
            checked(SettingsForm(request.user, typed)).apply_to(pane.conversation)


def without_model(request: SignedIn) -> dict[str, str]:
    """The settings in the page. Models stand in the panes."""
    return {name: str(value) for name, value in request.POST.items() if name not in ("provider", "model")}


def checked(form: SettingsForm) -> SettingsForm:
    check(form)
    return form


def shown_in(request: SignedIn, panes: list[Pane]) -> dict[UUID, Message | None]:
    """By conversation: the last message that the person saw there. What is sent goes below it.

    A pane that another tab has added is not among them, and one that it has removed is."""
    there = {pane.conversation_id: pane for pane in panes}
    on_page = [as_id(name.removeprefix(SHOWN)) for name in request.POST if name.startswith(SHOWN)]
    return {id: shown_message(request, there[id]) if id in there else None for id in on_page}


def ends_in(request: SignedIn) -> list[tuple[str, str]]:
    """The same, as it stands in the form: that one is the same when it is sent again, whatever happened meanwhile."""
    return sorted((name, str(value)) for name, value in request.POST.items() if name.startswith(SHOWN))


def shown_message(request: SignedIn, pane: Pane) -> Message | None:
    id = request.POST.get(f"{SHOWN}{pane.conversation_id}", "")
    if not id:
        return None
    rows = pane.conversation.messages.select_related(*WITH_ITS_CALL).defer(*NOT_SHOWN)
    return get_object_or_404(rows, pk=as_id(id))


def as_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Refused("The page does not say what it shows. Reload it.", status=422) from None


def changes(
    request: SignedIn, comparison: Comparison, panes: list[Pane], shown: dict[UUID, Message | None]
) -> HttpResponse:
    """What has changed in each pane that the page has, from what it showed."""
    parts, versions = [], {}
    there = access.conversations(request.user, blind=True).in_bulk(list(shown))
    for pane in panes:
        if (conversation := there.get(pane.conversation_id)) is None:
            continue
        last = shown[conversation.pk]
        change = transcript.change_from(last.pk if last else None, conversation)
        context = {"conversation": conversation, "change": change, "page": change.page}
        parts.append(render_to_string("messages/_changes.html", context, request))
        versions[str(conversation.pk)] = conversation.version
    parts.append(render_to_string("comparisons/_after_round.html", {"comparison": comparison}, request))
    response = HttpResponse("".join(parts))
    response["HX-Trigger"] = json.dumps({"round-changed": {"versions": versions}, "history-changed": {}})
    return response

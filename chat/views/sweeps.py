"""Sweeps: the dialog's fields, and one question asked with several values of one thing."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from chat import access
from chat.commands import Effects, command, once
from chat.comparisons.panes import numbered
from chat.experiments.forms import KINDS, SweepForm, as_id
from chat.experiments.sweeps import GONE, as_alternatives, as_panes
from chat.experiments.variations import APART_BY_COMMAS, MOST_VALUES
from chat.forms import check
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Message, Pane, Prompt
from chat.picker import groups_for
from chat.refusals import Refused
from chat.sampling import PARAMETERS
from chat.who import SignedIn

MOST_PROMPTS = 200


async def of_comparison(request: SignedIn, id: UUID) -> Any:
    """GET gives the fields to choose from, POST runs it."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(fields_of_comparison)(request, id)
    return await in_comparison(request, id=id) if request.method == "POST" else not_allowed()


async def of_conversation(request: SignedIn, id: UUID) -> Any:
    """The same for a chat, where every value becomes an alternative."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(fields_of_conversation)(request, id)
    return await in_conversation(request, id=id) if request.method == "POST" else not_allowed()


def not_allowed() -> HttpResponse:
    return HttpResponseNotAllowed(["GET", "HEAD", "POST"])


@command("POST")
def in_comparison(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    comparison, form = access.comparison(request.user, id), checked(request)
    pane = pane_of(comparison, form.cleaned_data["conversation"])
    sweep = form.sweep()

    def act() -> tuple[Conversation, list[Job]]:
        if form.cleaned_data["as"] == "alternatives":
            comparison.touch()
            jobs = as_alternatives(pane.conversation, sweep, pane.conversation.tip)
        else:
            jobs = as_panes(comparison, pane, sweep)
            effects.rearranged.append(comparison.pk)
        return pane.conversation, jobs

    once(request.user, form.cleaned_data["command"], f"sweep {id} {form.content}", effects, act)
    return go_to("comparison", id)


@command("POST")
def in_conversation(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    conversation, form = access.conversation(request.user, id), checked(request)
    shown, sweep = shown_message(conversation, form), form.sweep()

    def act() -> tuple[Conversation, list[Job]]:
        return conversation, as_alternatives(conversation, sweep, shown)

    once(request.user, form.cleaned_data["command"], f"sweep {id} {form.content}", effects, act)
    return go_to("conversation", id)


def checked(request: SignedIn) -> SweepForm:
    form = SweepForm(request.user, request.POST)
    check(form)
    return form


def pane_of(comparison: Comparison, conversation: UUID | None) -> Pane:
    found = (pane for pane in comparison.shown_panes() if pane.conversation_id == conversation)
    if pane := next(found, None):
        return pane
    raise Refused(GONE, status=404)


def shown_message(conversation: Conversation, form: SweepForm) -> Message | None:
    """The end of the branch that the person saw."""
    shown = form.cleaned_data["shown"]
    return get_object_or_404(conversation.messages, pk=shown) if shown else conversation.tip


def go_to(name: str, id: UUID) -> HttpResponse:
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(name, kwargs={"id": id})
    return response


# What there is to choose from


def fields_of_comparison(request: SignedIn, id: UUID) -> HttpResponse:
    comparison = access.comparison(request.user, id)
    return fields(request, {"panes": numbered(comparison), "url": reverse("sweep", kwargs={"id": id})})


def fields_of_conversation(request: SignedIn, id: UUID) -> HttpResponse:
    access.conversation(request.user, id)
    return fields(request, {"url": reverse("conversation-sweep", kwargs={"id": id})})


def fields(request: SignedIn, context: dict[str, Any]) -> HttpResponse:
    """The lists that may be long come when somebody asks for them."""
    match request.GET.get("part"):
        case "models":
            return render(request, "sweeps/_models.html", {"groups": groups_for(request.user)})
        case "versions":
            prompt = access.prompt(request.user, as_id(request.GET.get("prompt", "")))
            versions = prompt.versions.defer("text").order_by("-number")[:MOST_PROMPTS]
            return render(request, "sweeps/_versions.html", {"versions": versions})
    prompts = access.prompts(request.user).filter(kind=Prompt.Kind.SYSTEM).order_by("name", "pk")
    choices = {
        "kinds": KINDS,
        "parameters": PARAMETERS,
        "by_line": (*APART_BY_COMMAS, "text"),
        "prompts": prompts[:MOST_PROMPTS],
        "most": MOST_VALUES,
    }
    return render(request, "sweeps/_fields.html", {**context, **choices})

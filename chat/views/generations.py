"""A call of a model: stopped while it runs, and laid open, taken away and sent again at any time."""

import json
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import access, history, inspector
from chat.code import BY_NAME, as_sent, code_of, own_target
from chat.commands import Effects, command, once
from chat.forms import CommandForm, check
from chat.generation import begin_again
from chat.generation import stop as stop_generation
from chat.generation.begin import Job
from chat.models import Conversation, Generation, Status
from chat.refusals import Refused
from chat.snippets import TARGETS
from chat.who import SignedIn


async def show_or_stop(request: SignedIn, id: UUID) -> HttpResponse:
    """GET lays it open. DELETE or POST stops it, from any tab, and it is then over for all of them."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(show)(request, id)
    if request.method not in ("DELETE", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "DELETE", "POST"])
    generation = await sync_to_async(access.generation)(request.user, id, blind=True)
    await stop_generation(generation)
    return HttpResponse(status=204)


def show(request: SignedIn, id: UUID) -> HttpResponse:
    call = access.call(request.user, id)
    context = {
        **inspector.laid_open(call),
        **code_context(request, call),
        "history": history.page_of(request.user),
        "current": str(call.conversation_id),
    }
    return render(request, "inspector/show.html", context)


@require_safe
def events(request: SignedIn, id: UUID) -> HttpResponse:
    """The raw events that the page left out at first."""
    rows = inspector.rows_after_the_first(access.call(request.user, id))
    return render(request, "inspector/_rows.html", {"rows": rows})


@require_safe
def code(request: SignedIn, id: UUID) -> HttpResponse:
    call = access.call(request.user, id)
    return render(request, "inspector/_code.html", {"call": call, **code_context(request, call)})


@require_safe
def event_lines(request: SignedIn, id: UUID) -> HttpResponse:
    lines = inspector.lines_of(access.call(request.user, id))
    return download(lines, "application/jsonl", f"events-{id}.jsonl")


@require_safe
def exchange(request: SignedIn, id: UUID) -> HttpResponse:
    whole = inspector.exported(access.call(request.user, id))
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    return download(text, "application/json", f"exchange-{id}.json")


@command("POST")
def replay(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The same request again, to the letter, as another answer beside the first one."""
    call, form = access.call(request.user, id), CommandForm(request.POST)
    check(form)
    if call.status == Status.RUNNING:
        raise Refused("The model is still answering. Stop it first, or wait for the end.", status=409)

    def act() -> tuple[Conversation, list[Job]]:
        Conversation.objects.filter(pk=call.conversation_id).update(active_at=Now())
        return call.conversation, [begin_again(call)]

    once(request.user, form.cleaned_data["command"], f"replay {id}", effects, act)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("conversation", kwargs={"id": call.conversation_id})
    return response


def code_context(request: HttpRequest, call: Generation) -> dict[str, object]:
    """What cannot be shown is said in the place of the code."""
    target = BY_NAME.get(request.GET.get("target", "")) or own_target(call.url)
    context: dict[str, object] = {"target": target, "targets": TARGETS}
    try:
        return {**context, **code_of(as_sent(call), target, "")}
    except Refused as refusal:
        return {**context, "refusal": str(refusal)}


def download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

"""Temporary chats: a page that nothing is stored of, its answers, and the wish to keep it after all."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import history
from chat.commands import Effects, command, once
from chat.forms import CommandForm, SettingsForm, check
from chat.generation import Closing, begin_unsaved, engine, events_of
from chat.generation.begin import Job
from chat.models import Conversation, Message, Role
from chat.new_chats import new_chat
from chat.panel import panel_context
from chat.refusals import Refused
from chat.temporary import TalkForm, keep
from chat.who import SignedIn

ONE_ANSWER = "A temporary chat shows one answer to each message. Unset Number of choices."


@require_safe
def new(request: SignedIn) -> HttpResponse:
    conversation = new_chat(request.user)
    context = {**panel_context(conversation), "history": history.page_of(request.user), "current": ""}
    return render(request, "temporary/show.html", context)


async def answer(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    """The events of an answer as lines of JSON: what the page shows first, what comes, and how it ended."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if engine().closing:
        raise Closing("The server is about to stop. Send it again when it is back: nothing was sent.")
    job, first = await sync_to_async(begun)(request)
    return StreamingHttpResponse(lines(job, first), content_type="application/x-ndjson")


def begun(request: SignedIn) -> tuple[Job, dict[str, Any]]:
    """The call, and what is shown until something comes. Raises Refused, Nothing, Unfilled."""
    form, settings = TalkForm(request.POST), SettingsForm(request.user, request.POST)
    check(form, settings)
    conversation = Conversation(owner=request.user)
    settings.apply_to(conversation)
    job = begin_unsaved(conversation, form.turns)
    if job.choices > 1:
        raise Refused(ONE_ANSWER, status=422)
    question = form.cleaned_data["said"][-1]
    shown = [Message(conversation=conversation, role=question["role"], parts=question["parts"])]
    running = Message(conversation=conversation, role=Role.ASSISTANT, generation=job.generation)
    return job, {"type": "begun", "html": [drawn(message) for message in [*shown, running]]}


async def lines(job: Job, first: dict[str, Any]) -> AsyncIterator[bytes]:
    yield orjson.dumps(first) + b"\n"
    async with aclosing(events_of(job, described)) as answer:
        async for events in answer:
            yield events


def described(answer: Message) -> dict[str, Any]:
    """What the page shows of an answer that has ended, and what it sends back with the next message."""
    call = answer.generation
    turn = {
        "role": answer.role,
        "parts": answer.parts,
        "tool_calls": answer.tool_calls,
        "reasoning": answer.reasoning,
        "model": call.answered_model or call.model if call else "",
    }
    return {"html": drawn(answer), "turn": turn}


def drawn(message: Message) -> str:
    return render_to_string("temporary/_message.html", {"message": message})


@command("POST")
def create_kept(request: SignedIn, effects: Effects) -> HttpResponse:
    """It goes into the history after all."""
    form, talk = CommandForm(request.POST), TalkForm(request.POST)
    settings = SettingsForm(request.user, request.POST)
    check(form, talk, settings)

    def act() -> tuple[Conversation, list[Job]]:
        conversation = Conversation(owner=request.user)
        settings.apply_to(conversation)
        keep(conversation, talk.cleaned_data["said"])
        return conversation, []

    content = f"keep {talk.data['said']}"
    conversation = once(request.user, form.cleaned_data["command"], content, effects, act)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("conversation", kwargs={"id": conversation.pk})
    return response

"""Repeats: the very request of an answer asked again, and what its answers have in common."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from chat import access, history
from chat.commands import Effects, command, once
from chat.comparisons.figures import last_answers
from chat.comparisons.panes import numbered
from chat.comparisons.rounds import named
from chat.experiments.forms import RepeatForm
from chat.experiments.repeat_facts import others_of, readout, said_in, spreads, table
from chat.experiments.repeating import MOST_TIMES, call_of, repeat, repeats_of, same_requests
from chat.forms import check
from chat.generation import stop
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Generation, Message, Pane, Status
from chat.refusals import Refused
from chat.who import SignedIn

USUAL_TIMES = 5


async def of_message(request: SignedIn, id: UUID) -> Any:
    """GET shows its repeats, POST asks for more of them, DELETE stops those that run."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(show_of_message)(request, id)
    if request.method == "DELETE":
        await stop_all(await sync_to_async(running_beside)(request, id))
        return await sync_to_async(show_of_message)(request, id)
    return await more_of_message(request, id=id) if request.method == "POST" else not_allowed()


async def of_comparison(request: SignedIn, id: UUID) -> Any:
    """The same for the last answers of all panes."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(show_of_comparison)(request, id)
    if request.method == "DELETE":
        await stop_all(await sync_to_async(running_in_panes)(request, id))
        return await sync_to_async(show_of_comparison)(request, id)
    return await more_of_comparison(request, id=id) if request.method == "POST" else not_allowed()


def not_allowed() -> HttpResponse:
    return HttpResponseNotAllowed(["GET", "HEAD", "POST", "DELETE"])


# Asked for


@command("POST")
def more_of_message(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    answer, form = access.message(request.user, id), checked(request)
    times = form.cleaned_data["times"]

    def act() -> tuple[Conversation, list[Job]]:
        return answer.conversation, repeat(answer, times)

    once(request.user, form.cleaned_data["command"], f"repeat {id} {times}", effects, act)
    return show_of_message(request, id)


@command("POST")
def more_of_comparison(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Of each pane that has an answer. The others are named."""
    comparison, form = access.comparison(request.user, id), checked(request)
    times = form.cleaned_data["times"]
    answers = answers_of(comparison)
    passed_by = [words for pane, answer in answers if (words := reason_against(pane, answer))]
    meant = [(pane, answer) for pane, answer in answers if answer and not reason_against(pane, answer)]

    def act() -> tuple[Conversation, list[Job]]:
        if not meant:
            raise Refused(" ".join(passed_by), status=409)
        comparison.lock()
        comparison.touch()
        jobs = []
        for pane, answer in meant:
            with named(pane):
                jobs += repeat(answer, times)
        return meant[0][0].conversation, jobs

    once(request.user, form.cleaned_data["command"], f"repeat {id} {times}", effects, act)
    return show_of_comparison(request, id, passed_by)


def checked(request: SignedIn) -> RepeatForm:
    form = RepeatForm(request.POST)
    check(form)
    return form


def reason_against(pane: Pane, answer: Message | None) -> str:
    """Why the answer of this pane is not repeated; empty if it is."""
    if answer is None:
        return f"Pane {pane.number} has no answer to repeat."
    return f"Pane {pane.number} is still answering." if answer.status == Status.RUNNING else ""


async def stop_all(calls: Iterable[Generation]) -> None:
    await asyncio.gather(*(stop(call) for call in calls))


def running_beside(request: SignedIn, id: UUID) -> list[Generation]:
    return running_among(same_requests(access.message(request.user, id)))


def running_in_panes(request: SignedIn, id: UUID) -> list[Generation]:
    answers = [answer for _, answer in answers_of(access.comparison(request.user, id)) if answer]
    return [call for answer in answers for call in running_among(same_requests(answer))]


def running_among(messages: Sequence[Message]) -> list[Generation]:
    calls = {each.call.pk: each.call for each in messages if each.call and each.status == Status.RUNNING}
    return list(calls.values())


# Shown


def show_of_message(request: SignedIn, id: UUID) -> HttpResponse:
    """The page; of a page that is there already, the part that changes while some of them run."""
    answer = access.message(request.user, id)
    call = call_of(answer)
    messages = same_requests(answer)
    found = repeats_of(messages, call.request)
    # A chat may be a pane of many comparisons.
    pane = access.panes(request.user).filter(conversation=answer.conversation_id).order_by("-pk").first()
    context = {
        "answer": answer,
        "call": call,
        "comparison": pane and pane.comparison,
        "repeats": found,
        "readout": readout(found),
        "spreads": spreads(found),
        "said": said_in(found, messages),
        "others": others_of(messages),
        "running": found.running,
    }
    return page(request, "message", context, reverse("repeats", kwargs={"id": id}))


def show_of_comparison(request: SignedIn, id: UUID, passed_by: Sequence[str] = ()) -> HttpResponse:
    """A row for each pane, with the repeats of its last answer."""
    comparison = access.comparison(request.user, id)
    answers = answers_of(comparison)
    found = [
        repeats_of(same_requests(answer), call_of(answer).request) if answer else None
        for _, answer in answers
    ]
    names, values = table(found)
    context = {
        "comparison": comparison,
        "names": names,
        "rows": [(pane, answer, row) for (pane, answer), row in zip(answers, values, strict=True)],
        "passed_by": passed_by,
        "running": any(each and each.running for each in found),
    }
    return page(request, "comparison", context, reverse("comparison-repeats", kwargs={"id": id}))


def page(request: SignedIn, of: str, context: dict[str, Any], url: str) -> HttpResponse:
    part = f"repeats/_{of}.html"
    context |= {"url": url, "times": USUAL_TIMES, "most": MOST_TIMES, "part": part}
    if "HX-Request" in request.headers:
        return render(request, part, context)
    return render(request, "repeats/show.html", context | {"history": history.page_of(request.user)})


def answers_of(comparison: Comparison) -> list[tuple[Pane, Message | None]]:
    """The last answer of each pane, if it has one."""
    panes = numbered(comparison)
    answers = last_answers(panes)
    return [(pane, answers[pane.pk]) for pane in panes]

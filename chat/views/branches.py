"""Branching off from a message into a conversation of its own."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from chat import access
from chat.commands import Effects, command, once
from chat.forms import BranchForm, check
from chat.generation.begin import Job
from chat.models import Conversation, Message, Status
from chat.models.branching import Scope, branch_off, cuttings
from chat.refusals import Refused
from chat.who import SignedIn

# The alternatives of what is on the path, and not what was said below those.
WHAT_COMES = {
    Scope.PATH: "Everything up to this message, and the message itself.",
    Scope.ALTERNATIVES: "And beside each message its alternatives, without what was said below them.",
    Scope.EVERYTHING: "The whole tree. This message is shown.",
}


async def of_message(request: SignedIn, id: UUID) -> Any:
    """GET shows what could come along, POST branches off."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(choices)(request, id)
    return (
        await create(request, id=id) if request.method == "POST" else HttpResponseNotAllowed(["GET", "POST"])
    )


def choices(request: SignedIn, id: UUID) -> HttpResponse:
    message = branchable(request, id)
    found = cuttings(message)
    context = {
        "message": message,
        "choices": [(scope, WHAT_COMES[scope], found[scope].count) for scope in Scope],
    }
    return render(request, "branches/_choices.html", context)


@command("POST")
def create(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    message, form = branchable(request, id), BranchForm(request.POST)
    check(form)
    scope = Scope(form.cleaned_data["scope"])
    at: list[UUID] = []

    def act() -> tuple[Conversation, list[Job]]:
        branch, copy = branch_off(message, scope)
        at.append(copy)
        return branch, []

    branch = once(request.user, form.cleaned_data["command"], f"branch {id} {scope}", effects, act)
    response = HttpResponse(status=204)
    # A path ends with the message, and so does the page. Sent once more, the page opens at its end.
    where = f"?{urlencode({'at': at[0]})}" if at and scope == Scope.EVERYTHING else ""
    response["HX-Redirect"] = reverse("conversation", kwargs={"id": branch.pk}) + where
    return response


def branchable(request: SignedIn, id: UUID) -> Message:
    message = access.message(request.user, id)
    if message.status == Status.RUNNING:
        raise Refused("The model is still answering. Stop it first, or wait for the end.", status=409)
    return message

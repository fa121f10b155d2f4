"""What a command answers: what has to change in the page that asked for it."""

import json
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from chat import access, transcript
from chat.forms import CommandForm
from chat.models import Conversation, Message, Status
from chat.models.branch import NOT_SHOWN, WITH_ITS_CALL
from chat.refusals import Refused
from chat.transcript.held import change_in, held_by
from chat.who import SignedIn


def shown_message(conversation: Conversation, form: CommandForm) -> Message | None:
    """The last message that the person saw: what is sent goes below it, whatever another tab did since."""
    shown = form.cleaned_data["shown"]
    rows = conversation.messages.select_related(*WITH_ITS_CALL).defer(*NOT_SHOWN)
    return get_object_or_404(rows, pk=shown) if shown else None


def refuse_while_running(message: Message | None) -> None:
    if message and message.status == Status.RUNNING:
        raise Refused("The model is still answering. Stop it first, or wait for the end.", status=409)


def article(request: SignedIn, id: UUID, template: str = "messages/_message.html") -> HttpResponse:
    message = transcript.turn_of(access.message(request.user, id, blind=True))
    return render(request, template, {"message": message})


def branch_changes(
    request: SignedIn,
    id: UUID,
    form: CommandForm,
    undo: dict[str, str] | None = None,
    *,
    whole: bool = False,
    renewed: Collection[UUID] = (),
    announced: str = "",
) -> HttpResponse:
    """`renewed` are drawn anew in any case; `announced` is what a screen reader says."""
    conversation = access.conversation(request.user, id, blind=True)
    held = held_by(form.cleaned_data["have"])
    if held and not whole:
        change = change_in(held, conversation, renewed)
    else:
        shown = shown_message(conversation, form)
        change = transcript.change_from(shown.pk if shown else None, conversation, whole=whole)
        anew = [transcript.turn_of(access.message(request.user, id, blind=True)) for id in renewed]
        change = replace(change, renewed=[*change.renewed, *anew])
    context = {"conversation": conversation, "change": change, "page": change.page, "undo": undo}
    response = render(request, "messages/_changes.html", context)
    events = {
        "branch-changed": {"conversation": str(id), "version": conversation.version},
        "history-changed": {},
        **({"announce": {"words": announced}} if announced else {}),
    }
    response["HX-Trigger"] = json.dumps(events)
    return response

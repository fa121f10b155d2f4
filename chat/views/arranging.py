"""What one does to a transcript without asking a model: messages are added, moved, and said by somebody else."""

from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import access
from chat.commands import Effects, command, once
from chat.forms import AdditionForm, CommandForm, PlaceForm, RoleForm, check
from chat.generation.begin import Job
from chat.models import Conversation, Message, Role
from chat.models.moving_back import Moved, move_back
from chat.models.rearranging import Shown, Side, add, move, move_by
from chat.models.roles import change_role
from chat.refusals import Refused
from chat.replies import branch_changes, refuse_while_running
from chat.who import SignedIn

# What is signed for one purpose and message is good for no other.
BACK = "where {} was"


@require_safe
def menu(request: SignedIn, id: UUID) -> HttpResponse:
    """What else can be done with a message, beside the quiet row."""
    context = {"message": access.message(request.user, id), "roles": Role.values}
    return render(request, "messages/_menu.html", context)


@command("GET", "POST")
def additions(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """GET: where one writes a message that is to stand above or below this one. POST: it does."""
    message, form = access.message(request.user, id), AdditionForm(request.POST)
    if request.method == "GET":
        role = Role.ASSISTANT if message.role == Role.USER else Role.USER
        side = Side.ABOVE if request.GET.get("side") == Side.ABOVE else Side.BELOW
        context = {"message": message, "side": side, "roles": Role.values, "role": role}
        return render(request, "messages/_addition.html", context)
    check(form)
    side, role, text = (form.cleaned_data[name] for name in ("side", "role", "text"))

    def act() -> tuple[Conversation, list[Job]]:
        add(message, Side(side), Role(role), text)
        return message.conversation, []

    once(request.user, form.cleaned_data["command"], f"add {id} {side} {role} {text}", effects, act)
    return branch_changes(request, message.conversation_id, form, announced="Message added")


@command("POST")
def place(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Moves a message `by` so many places, or to a side of the message `beside`."""
    message, form = access.message(request.user, id), PlaceForm(request.POST)
    moved: list[Moved] = []
    check(form)
    by, side = form.cleaned_data["by"], form.cleaned_data["side"]
    beside = None if by else access.message(request.user, form.cleaned_data["beside"])

    def act() -> tuple[Conversation, list[Job]]:
        if done := move(message, beside, Side(side)) if beside else move_by(message, by):
            moved.append(done)
        return message.conversation, []

    once(request.user, form.cleaned_data["command"], f"place {id} {by} {beside} {side}", effects, act)
    undo = undo_of(message, moved[0]) if moved else None
    return branch_changes(request, message.conversation_id, form, undo, announced=_where(message))


def undo_of(message: Message, moved: Moved) -> dict[str, str]:
    """How it was goes along with the button, signed: nothing else needs to know it, and only for a few seconds."""
    url = reverse("message-former-place", kwargs={"id": message.pk})
    return {
        "label": "Message moved",
        "url": url,
        "back": signing.dumps(moved.as_json(), salt=BACK.format(message.pk)),
        "kind": "moved",
    }


@command("POST")
def former_place(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Takes a move back, by what its answer told."""
    message, form = access.message(request.user, id), CommandForm(request.POST)
    check(form)
    back = request.POST.get("back", "")
    try:
        moved = Moved.from_json(signing.loads(back, salt=BACK.format(id)))
    except signing.BadSignature:
        raise Refused("This page sent something else than it was given. Reload it.", status=422) from None

    def act() -> tuple[Conversation, list[Job]]:
        move_back(message.conversation, moved)
        return message.conversation, []

    once(request.user, form.cleaned_data["command"], f"former place {id} {back}", effects, act)
    return branch_changes(request, message.conversation_id, form, announced=f"{_where(message)}, as before")


def _where(message: Message) -> str:
    """For who does not see it."""
    message.conversation.refresh_from_db(fields=["tip"])
    seen = [turn[0].id for turn in Shown(message.conversation).seen]
    return (
        f"Moved: now message {seen.index(message.pk) + 1} of {len(seen)}" if message.pk in seen else "Moved"
    )


@command("POST")
def role(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Who said it. What the protocol forbids is refused."""
    message, form = access.message(request.user, id), RoleForm(request.POST)
    check(form)
    refuse_while_running(message)
    said_by = Role(form.cleaned_data["role"])

    def act() -> tuple[Conversation, list[Job]]:
        message.conversation.hold()
        change_role(message, said_by)
        message.conversation.tell_changed()
        return message.conversation, []

    once(request.user, form.cleaned_data["command"], f"role {id} {said_by}", effects, act)
    words = f"It is a message of the role {said_by} now"
    return branch_changes(request, message.conversation_id, form, renewed=[id], announced=words)

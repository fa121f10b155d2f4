"""Sending, editing, answering again, switching and deleting: everything that changes the shown branch."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import access, transcript
from chat.catalogue import remember_refusal
from chat.commands import Effects, command, once
from chat.comparisons import linking
from chat.comparisons.panes import numbered
from chat.forms import CommandForm, EditForm, MessageForm, OriginalForm, RegenerateForm, SettingsForm, check
from chat.generation import begin, go_on, use_as_whole
from chat.generation.begin import Job
from chat.models import Conversation, Message, Role
from chat.models.branch import newest_leaf
from chat.models.calling import mute
from chat.models.rearranging import bring_back, delete
from chat.refusals import Refused
from chat.replies import article, branch_changes, refuse_while_running, shown_message
from chat.sending import jobs_of, send
from chat.who import SignedIn


@command("POST")
def create(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Send: the message and its running answer are stored before the model is asked."""
    conversation = access.conversation(request.user, id)
    form, settings = MessageForm(request.POST), SettingsForm(request.user, request.POST)
    check(form, settings)
    parent = shown_message(conversation, form)
    refuse_while_running(parent)

    def act() -> tuple[Conversation, list[Job]]:
        take_over(settings, conversation)
        return conversation, jobs_of(form, conversation, parent)

    content = f"{id} {parent and parent.pk} {form.said}"
    once(request.user, form.cleaned_data["command"], content, effects, act)
    return branch_changes(request, id, form)


@command("POST")
def regenerate(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Another answer beside this one, with the settings as they are now, or `without` one that was rejected."""
    answer, form = access.message(request.user, id, blind=True), RegenerateForm(request.POST)
    settings = SettingsForm(request.user, request.POST)
    check(form, settings)
    conversation, parent = answer.conversation, answer.parent
    if answer.role != Role.ASSISTANT or parent is None:
        raise Refused("Only an answer can be regenerated.")
    refuse_while_running(answer)

    def act() -> tuple[Conversation, list[Job]]:
        # What is set in a blind round stays as it is: nobody sees it.
        if not answer.hides:
            take_over(settings, conversation)
            if form.cleaned_data["without"]:
                remember_refusal(answer, form.cleaned_data["without"])
        conversation.save_asked()
        return conversation, [begin(conversation, parent, continues=answer.continues)]

    once(request.user, form.cleaned_data["command"], f"regenerate {id}", effects, act)
    return branch_changes(request, conversation.pk, form)


@command("POST")
def answer(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """An answer to what ends with this message, which may have been added or edited without asking."""
    message, form = access.message(request.user, id), CommandForm(request.POST)
    settings = SettingsForm(request.user, request.POST)
    check(form, settings)
    refuse_while_running(message)
    if message.role == Role.ASSISTANT:
        raise Refused("The assistant said this itself. Regenerate it, or continue it.")

    def act() -> tuple[Conversation, list[Job]]:
        take_over(settings, message.conversation)
        message.conversation.save_asked()
        return message.conversation, [begin(message.conversation, message)]

    once(request.user, form.cleaned_data["command"], f"answer {id}", effects, act)
    return branch_changes(request, message.conversation_id, form)


@command("POST")
def continuation(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The model goes on from where this answer ended, with the settings as they are now."""
    answer, form = access.message(request.user, id), CommandForm(request.POST)
    settings = SettingsForm(request.user, request.POST)
    check(form, settings)
    refuse_while_running(answer)

    def act() -> tuple[Conversation, list[Job]]:
        take_over(settings, answer.conversation)
        answer.conversation.save_asked()
        return answer.conversation, [go_on(answer)]

    once(request.user, form.cleaned_data["command"], f"continue {id}", effects, act)
    return branch_changes(request, answer.conversation_id, form)


@command("POST")
def whole_answer(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """A continuation that began again becomes an answer of its own."""
    span, form = access.message(request.user, id), CommandForm(request.POST)
    check(form)
    refuse_while_running(span)

    def act() -> tuple[Conversation, list[Job]]:
        use_as_whole(span)
        return span.conversation, []

    once(request.user, form.cleaned_data["command"], f"whole answer {id}", effects, act)
    return branch_changes(request, span.conversation_id, form)


class Outdated(Exception):
    """Somebody changed these words since they were opened."""


@command("POST")
def edit(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Save changes the words in place and keeps the original; Save and run makes an alternative and asks again."""
    message, form = access.message(request.user, id), EditForm(request.POST)
    settings = SettingsForm(request.user, request.POST)
    refuse_while_running(message)
    check(form, settings)
    run = form.cleaned_data["run"] and message.role == Role.USER

    def act() -> tuple[Conversation, list[Job]]:
        if not run:
            message.conversation.hold()
            if not message.rewrite(form.cleaned_data["text"], form.cleaned_data["revision"] or 0):
                raise Outdated
            message.conversation.tell_changed()
            return message.conversation, []
        take_over(settings, message.conversation)
        text = form.cleaned_data["text"]
        return message.conversation, [send(message.conversation, message.parent, text, files=message.files)]

    content = f"edit {id} {run} {form.cleaned_data['text']}"
    try:
        once(request.user, form.cleaned_data["command"], content, effects, act)
    except Outdated:
        newer = access.message(request.user, id)
        return render(request, "messages/_outdated.html", {"message": newer}, status=409)
    return branch_changes(request, message.conversation_id, form, renewed=() if run else [id])


@command("POST")
def original(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The words as they were before they were first edited, back in their place."""
    message, form = access.message(request.user, id), OriginalForm(request.POST)
    check(form)
    refuse_while_running(message)

    def act() -> tuple[Conversation, list[Job]]:
        message.conversation.hold()
        if not message.restore_original(form.cleaned_data["revision"]):
            raise Refused("Another tab changed these words meanwhile. Nothing was restored.", status=409)
        message.conversation.tell_changed()
        return message.conversation, []

    once(request.user, form.cleaned_data["command"], f"original {id}", effects, act)
    return branch_changes(request, message.conversation_id, form, renewed=[id])


@command("POST")
def show_alternative(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Show the branch that goes through this message, down to what was said last on it."""
    message, form = access.message(request.user, id, blind=True), CommandForm(request.POST)
    check(form)
    with transaction.atomic():
        # What another tab says below it at the same time is the end, then.
        message.conversation.hold()
        message.conversation.show(Message.objects.get(pk=newest_leaf(message.pk)))
    effects.changed.append(message.conversation_id)
    return branch_changes(request, message.conversation_id, form)


@command("POST", "DELETE")
def deletion(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST deletes, DELETE takes that back."""
    message = access.message(request.user, id, deleted=True)
    form = CommandForm(request.POST or request.GET)
    check(form)
    refuse_while_running(message)
    if request.method == "POST":
        delete(message)
    else:
        bring_back(message)
    effects.changed.append(message.conversation_id)
    if request.method == "DELETE":
        # What came back may stand anywhere in a page that does not say what it holds.
        return branch_changes(request, message.conversation_id, form, whole=not form.cleaned_data["have"])
    undo = {"label": "Continuation dropped" if message.continues else "Message deleted", "url": request.path}
    return branch_changes(request, message.conversation_id, form, undo)


@command("POST", "DELETE")
def muting(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST: it is kept, and not sent any more. DELETE: it is sent again. A tool's call and answers go together."""
    message, form = access.message(request.user, id), CommandForm(request.POST or request.GET)
    check(form)
    refuse_while_running(message)
    with transaction.atomic():
        message.conversation.hold()
        others = mute(message, request.method == "POST")
        message.conversation.tell_changed()
    effects.changed.append(message.conversation_id)
    words = "not sent any more" if message.muted else "sent again"
    announced = f"It is {words}"
    if others:
        announced = f"A call of a tool and its answers go together: {others + 1} messages are {words}"
    return branch_changes(request, message.conversation_id, form, renewed=[id], announced=announced)


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """One message as it is now: the page asks for it when its answer has ended."""
    return article(request, id)


@require_safe
def editor(request: SignedIn, id: UUID) -> HttpResponse:
    message = transcript.turn_of(access.message(request.user, id))
    return render(request, "messages/_editor.html", {"message": message})


@require_safe
def changes(request: SignedIn, id: UUID) -> HttpResponse:
    """What another tab did to this conversation since the page was drawn, or with `whole` how it ends now."""
    form = CommandForm({"command": id, **request.GET.dict()})
    check(form)
    return branch_changes(request, id, form, whole="whole" in request.GET)


@require_safe
def earlier(request: SignedIn, id: UUID) -> HttpResponse:
    """The page above: messages up to and with this one, which itself may be deleted."""
    message = access.message(request.user, id, deleted=True, blind=True)
    return render(request, "messages/_page.html", {"page": transcript.page_up_to(message.pk)})


@require_safe
def later(request: SignedIn, id: UUID) -> HttpResponse:
    """The page below: what follows the message `after` on the branch that ends with this one."""
    tip, after = access.message(request.user, id, deleted=True, blind=True), request.GET.get("after")
    try:
        page = transcript.page_after(tip.pk, UUID(after) if after else None)
    except ValueError:
        raise Http404 from None
    return render(request, "messages/_page.html", {"page": page})


def take_over(settings: SettingsForm, conversation: Conversation) -> None:
    """As the page shows them. What is changed in a pane is changed in the linked ones too."""
    panes = access.panes(settings.user).filter(conversation=conversation)
    pane = panes.filter(pk=settings.cleaned_data["pane"]).first() if settings.cleaned_data["pane"] else None
    if pane:
        linking.edit(pane, numbered(pane.comparison), settings.apply_to)
    if pane or not conversation.listed:
        conversation.hold_settings()
    if not pane:
        settings.apply_to(conversation)

"""Conversations: a new one, one of them, the history, its name, its settings, its deletion."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from chat import access, history, transcript
from chat.catalogue import model_of
from chat.commands import Effects, command, once
from chat.forms import MessageForm, SettingsForm, TitleForm, check
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Prompt, PromptVersion, Provider
from chat.models.conversation import CHANGED_BY_THE_PANEL
from chat.new_chats import new_chat
from chat.panel import panel_context
from chat.sending import jobs_of
from chat.since import changed_since_last_answer
from chat.who import SignedIn


@require_safe
def new(request: SignedIn) -> HttpResponse:
    """The page of a conversation that is not there until something is sent."""
    conversation = new_chat(request.user)
    if version := asked_for(request):
        conversation.use_prompt(version)
    return render(
        request, "conversations/show.html", page_context(request, conversation, transcript.Page([], None))
    )


def asked_for(request: SignedIn) -> PromptVersion | None:
    """The saved system prompt that this chat is to begin with, if there is one."""
    try:
        id = UUID(request.GET.get("prompt", ""))
    except ValueError:
        return None
    rows = access.prompt_versions(request.user)
    return rows.filter(pk=id, prompt__kind=Prompt.Kind.SYSTEM, prompt__deleted_at=None).first()


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    """The first message makes the conversation."""
    form, settings = MessageForm(request.POST), SettingsForm(request.user, request.POST)
    check(form, settings)

    def act() -> tuple[Conversation, list[Job]]:
        conversation = Conversation(owner=request.user)
        settings.apply_to(conversation)
        conversation.save()
        return conversation, jobs_of(form, conversation, None)

    content = f"new {form.said}"
    conversation = once(request.user, form.cleaned_data["command"], content, effects, act)
    return redirect("conversation", id=conversation.pk)


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """How it ends; or with `at`, what is around that message, on whatever branch it stands."""
    conversation = access.conversation(request.user, id)
    page = transcript.opening_page(conversation, access.message_at(request.user, request.GET.get("at", "")))
    return render(request, "conversations/show.html", page_context(request, conversation, page))


@require_safe
def index(request: SignedIn) -> HttpResponse:
    """The history, or a further page of it, or what a search finds."""
    try:
        page = history.page_of(request.user, request.GET.get("after", ""), request.GET.get("q", ""))
    except ValueError:
        return HttpResponseBadRequest("This is no page of the history.")
    context = {"history": page, "query": request.GET.get("q", ""), "current": request.GET.get("current", "")}
    return render(request, "conversations/_history.html", context)


@command("POST")
def title(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    conversation, form = access.conversation(request.user, id), TitleForm(request.POST)
    check(form)
    conversation.title = form.cleaned_data["title"]
    conversation.save(update_fields=["title"])
    return changing_history(render(request, "conversations/_title.html", {"conversation": conversation}))


@command("POST")
def settings(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Saved as they are changed. What cannot be right is told beside its field, and the rest is not saved either."""
    conversation, form = access.conversation(request.user, id), SettingsForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "settings/_errors.html", {"errors": form.errors}, status=422)
    with transaction.atomic():
        # Of a pane only its model comes here. What a linked pane has changed meanwhile stays.
        conversation.hold_settings()
        form.apply_to(conversation)
        conversation.save(update_fields=CHANGED_BY_THE_PANEL)
    return HttpResponse(status=204)


@require_safe
def since(request: SignedIn, id: UUID) -> HttpResponse:
    """What would be sent otherwise now than it was for the last answer."""
    changed = changed_since_last_answer(access.conversation(request.user, id))
    return render(request, "settings/_since.html", {"changed": changed})


@require_POST
def panel_with(request: SignedIn, id: UUID, name: str) -> HttpResponse:
    """The panel once more, with a parameter that this model rejected before: it may take it now."""
    conversation = access.conversation(request.user, id)
    if model := model_of(conversation.provider, conversation.model):
        model.try_again(name)
    return panel(request, id)


@require_POST
def panel(request: SignedIn, id: UUID | None = None) -> HttpResponse:
    """The settings panel as it is for what is typed now. Nothing is saved, and what cannot be right is told."""
    conversation = access.conversation(request.user, id) if id else Conversation(owner=request.user)
    form = SettingsForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "settings/_errors.html", {"errors": form.errors}, status=422)
    form.apply_to(conversation)
    return render(request, "settings/_panel.html", panel_context(conversation))


@command("POST", "DELETE")
def deletion(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST deletes, DELETE takes that back."""
    if request.method == "POST":
        conversation = access.conversation(request.user, id)
        conversation.delete_for_now()
    else:
        conversation = access.deleted_conversation(request.user, id)
        conversation.restore()
    # Those that show it as a pane have one less, or one more.
    for comparison in Comparison.objects.holding(conversation):
        comparison.rearrange()
        effects.rearranged.append(comparison.pk)
    context = {"conversation": conversation, "deleted": request.method == "POST"}
    return changing_history(render(request, "conversations/_deletion.html", context))


@command("POST", "DELETE")
def pin(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    conversation = access.conversation(request.user, id)
    conversation.pinned = request.method == "POST"
    conversation.save(update_fields=["pinned"])
    return changing_history(HttpResponse(status=204))


def changing_history(response: HttpResponse) -> HttpResponse:
    """The list of conversations in the page asks for itself again."""
    response["HX-Trigger"] = "history-changed"
    return response


def page_context(request: SignedIn, conversation: Conversation, page: transcript.Page) -> dict[str, Any]:
    return {
        **panel_context(conversation),
        "page": page,
        "history": history.page_of(request.user),
        "current": str((conversation.comparison or conversation).pk),
        "only_demo": not access.providers(request.user).exclude(source=Provider.Source.BUILT_IN).exists(),
    }

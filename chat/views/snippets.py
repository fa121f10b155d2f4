"""View code: a request that was sent, or the one that would be sent now, as code to take away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from chat import access, transcript
from chat.code import BY_NAME, PATH, USUAL, Shown, as_sent, code_of, own_target
from chat.completions import ask_to_go_on, base_url_for, build_chat_body
from chat.forms import SettingsForm, WrittenText, check
from chat.generation.begin import accepted, messages_to_send
from chat.models import Conversation, LanguageModel, Message, Provider, Role
from chat.models.branch import head_of
from chat.refusals import Refused
from chat.snippets import TARGETS
from chat.who import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """POST brings what stands in the page and is not stored yet: the panel, and the message in the composer."""
    conversation = access.conversation(request.user, id)
    last = transcript.last_call(conversation)
    if last and request.method != "POST" and request.GET.get("source") != "set":
        return page(request, "sent", lambda: as_sent(last))
    return page(request, "set", lambda: as_set(request, conversation), has_sent=last is not None)


@require_POST
def new(request: SignedIn) -> HttpResponse:
    """Of a chat that is not stored before its first message."""
    conversation = Conversation(owner=request.user)
    return page(request, "set", lambda: as_set(request, conversation), has_sent=False)


def page(
    request: HttpRequest, source: str, find: Callable[[], Shown], *, has_sent: bool = True
) -> HttpResponse:
    """The dialog. What cannot be shown is said in the place of the code.

    How it is shown stands in the address: a posted form has a field `stream` of its own.
    """
    target = BY_NAME.get(request.GET.get("target", ""))
    context: dict[str, Any] = {
        "source": source,
        "has_sent": has_sent,
        "target": target or USUAL,
        "targets": TARGETS,
    }
    try:
        shown = find()
        context["target"] = target or own_target(shown.url)
        context |= code_of(shown, context["target"], request.GET.get("stream", ""))
    except Refused as refusal:
        context["refusal"] = str(refusal)
        return render(request, "snippets/_dialog.html", context, status=refusal.status)
    return render(request, "snippets/_dialog.html", context)


# As set


def as_set(request: SignedIn, conversation: Conversation) -> Shown:
    """With the panel and the message of the page, if it posted them. Raises Refused."""
    if request.method == "POST":
        form = SettingsForm(request.user, request.POST)
        check(form)
        form.apply_to(conversation)
    provider = conversation.provider
    if provider is None or provider.removed or not conversation.model:
        raise Refused("Choose a model first.", status=422)
    draft, start = draft_in(request, "message"), draft_in(request, "start")
    messages, words = messages_now(conversation, draft)
    if draft.strip() and start.strip():
        body = body_of(conversation, provider, [*messages, {"role": "assistant", "content": start}])
        body = ask_to_go_on(provider.dialect, body)
    else:
        body = body_of(conversation, provider, messages)
    return Shown(base_url_for(provider.dialect, provider.base_url, body) + PATH, body, provider, words)


def draft_in(request: HttpRequest, name: str) -> str:
    """What stands in a field of the composer. Raises Refused for what Send would refuse."""
    try:
        return str(WrittenText(required=False).clean(request.POST.get(name, "")))
    except ValidationError as error:
        raise Refused(str(error.messages[0]), status=422) from None


def messages_now(conversation: Conversation, draft: str) -> tuple[list[dict[str, Any]], str]:
    """With a draft, those that Send would send; without one, those that Regenerate would."""
    tip = conversation.tip
    if tip and not draft.strip():
        last = head_of(tip).parent if tip.role == Role.ASSISTANT else tip
        return messages_to_send(conversation, last or Message()), "What Regenerate would send now"
    messages = messages_to_send(conversation, tip or Message())
    empty = "" if draft.strip() else ": the message is still empty"
    return [*messages, {"role": "user", "content": draft}], f"What Send would send now{empty}"


def body_of(conversation: Conversation, provider: Provider, messages: list[dict[str, Any]]) -> dict[str, Any]:
    known = LanguageModel.objects.filter(provider=provider, name=conversation.model).first()
    settings = accepted(conversation.settings, known)
    return build_chat_body(provider.dialect, conversation.model, messages, settings)

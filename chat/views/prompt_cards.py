"""A saved prompt in a chat: the card with its placeholders. Nothing of the chat is saved here: the page does that."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from chat.commands import Effects, command
from chat.forms import SettingsForm, check
from chat.forms.prompts import KeptForm
from chat.models import Conversation, Prompt, PromptVersion
from chat.placeholders import MOST_VARIABLES, Variable, names_in, variables_in
from chat.refusals import Refused
from chat.who import SignedIn


@require_POST
def preview(request: SignedIn) -> HttpResponse:
    """What would be sent, with the values of the page; or why nothing would be."""
    return render(request, "prompts/_preview.html", {"text": as_typed(request).instructions()})


@require_POST
def take_newest(request: SignedIn) -> HttpResponse:
    conversation = as_typed(request)
    if conversation.prompt_version and (newer := conversation.prompt_version.newer):
        conversation.use_prompt(newer)
    return card(request, conversation)


@require_POST
def detach(request: SignedIn) -> HttpResponse:
    """The text as it would be sent, and no saved prompt any more. What is not filled in stays as it is."""
    conversation = as_typed(request)
    try:
        text = conversation.instructions()
    except Refused:
        text = conversation.system_prompt
    conversation.say(text)
    return card(request, conversation)


@command("POST")
def keep(request: SignedIn, effects: Effects) -> HttpResponse:
    """The system prompt of a chat as a new version of its saved prompt, or as a new prompt."""
    conversation, form = as_typed(request), KeptForm(request.POST)
    check(form)
    used = conversation.prompt_version
    text = conversation.system_prompt
    if not text.strip():
        raise Refused("A prompt needs a text.", status=422)
    if len(names_in(text)) > MOST_VARIABLES:
        raise Refused(f"This text has more than {MOST_VARIABLES} placeholders.", status=422)
    with transaction.atomic():
        prompt = used.prompt if used else new_prompt(request, form.cleaned_data["prompt_name"])
        variables = variables_in(text, used.described if used else ())
        conversation.use_prompt(saved(prompt, text, variables, form.cleaned_data["note"]))
    return card(request, conversation)


def new_prompt(request: SignedIn, name: str) -> Prompt:
    if not name:
        raise Refused("Give the prompt a name.", status=422)
    return Prompt.objects.create(owner=request.user, name=name)


def saved(prompt: Prompt, text: str, variables: list[Variable], note: str) -> PromptVersion:
    if prompt.deleted_at:
        raise Refused("This prompt was deleted. Detach it, and save it as a new one.", status=422)
    newest = prompt.versions.order_by("-number").first()
    if newest and newest.says(text, variables):
        return newest
    return prompt.save_version(text, variables, note)


def as_typed(request: SignedIn) -> Conversation:
    """A conversation that says what the page says now. Raises Refused."""
    form, conversation = SettingsForm(request.user, request.POST), Conversation(owner=request.user)
    check(form)
    form.apply_to(conversation)
    return conversation


def card(request: SignedIn, conversation: Conversation) -> HttpResponse:
    return render(request, "prompts/_card.html", {"conversation": conversation, "drawn": True})

"""Presets: applied to the panel, saved from it, deleted. Each answers with the panel as it is then."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from chat import access
from chat.commands import Effects, command
from chat.forms import PageForm, PresetForm, SettingsForm, check
from chat.models import Conversation, Preset
from chat.panel import panel_context
from chat.who import SignedIn


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    form = PresetForm(request.POST)
    check(form)
    conversation = as_set(request)
    Preset.keep(
        conversation,
        form.cleaned_data["preset_name"],
        system_prompt=form.cleaned_data["with_system_prompt"],
        for_new_chats=form.cleaned_data["for_new_chats"],
    )
    return panel(request, conversation)


@command("POST")
def apply(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """What the preset holds takes the place of what is set. The page saves it as it saves any change."""
    preset, conversation = access.preset(request.user, id), as_set(request)
    preset.apply_to(conversation)
    return panel(request, conversation)


@command("POST")
def delete(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    access.preset(request.user, id).delete()
    return panel(request, as_set(request))


def as_set(request: SignedIn) -> Conversation:
    """The conversation of the page, with what its panel holds now. Nothing of it is saved here."""
    page, settings = PageForm(request.POST), SettingsForm(request.user, request.POST)
    check(page, settings)
    id = page.cleaned_data["conversation"]
    conversation = access.conversation(request.user, id) if id else Conversation(owner=request.user)
    settings.apply_to(conversation)
    return conversation


def panel(request: SignedIn, conversation: Conversation) -> HttpResponse:
    return render(request, "settings/_panel.html", panel_context(conversation))

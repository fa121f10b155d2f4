"""The models that a person may choose, those that they pinned, and what a switch to one would drop."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from chat import access
from chat.catalogue import model_of
from chat.commands import Effects, command
from chat.forms import ModelForm, PageForm, SettingsForm, check
from chat.models import Conversation, PinnedModel
from chat.picker import groups_for
from chat.switching import Target, dropped_by
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    """All of them, in groups: the page filters as one types."""
    return render(request, "language_models/_options.html", {"groups": groups_for(request.user)})


@command("POST", "DELETE")
def pin(request: SignedIn, effects: Effects) -> HttpResponse:
    """POST pins, DELETE takes that back. An id that no list has can be pinned too."""
    target = target_in(request, request.POST if request.method == "POST" else request.GET)
    place: dict[str, Any] = {"owner": request.user, "provider": target.provider, "model": target.name}
    if request.method == "POST":
        PinnedModel.objects.get_or_create(**place)
    else:
        PinnedModel.objects.filter(**place).delete()
    return HttpResponse(status=204)


@require_POST
def switch(request: SignedIn) -> HttpResponse:
    """What of all that is set and said a switch to this model would drop. Empty if it is nothing."""
    target, conversation = target_in(request, request.POST), as_set(request)
    now = model_of(conversation.provider, conversation.model)
    dropped = dropped_by(conversation, now, target)
    return render(request, "language_models/_switch.html", {"target": target, "dropped": dropped})


def target_in(request: SignedIn, data: QueryDict) -> Target:
    form = ModelForm(data)
    check(form)
    provider = access.provider(request.user, form.cleaned_data["of_provider"])
    name = form.cleaned_data["named"]
    return Target(provider, name, model_of(provider, name))


def as_set(request: SignedIn) -> Conversation:
    """The conversation of the page, with what is typed now if that can be read."""
    form, page = SettingsForm(request.user, request.POST), PageForm(request.POST)
    id: Any = page.cleaned_data.get("conversation") if page.is_valid() else None
    conversation = access.conversation(request.user, id) if id else Conversation(owner=request.user)
    if form.is_valid():
        form.apply_to(conversation)
    return conversation

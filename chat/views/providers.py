"""Providers and keys: the page, adding one, changing one, trying one out."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from chat import access, catalogue, history
from chat.commands import Effects, command
from chat.forms import ADDRESS_TAKEN, ProviderForm
from chat.generation import engine
from chat.models import Provider
from chat.seeding import KNOWN
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    return page(request, new_form(request))


@sensitive_post_parameters("key")
@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    form = new_form(request, request.POST)
    provider = saved(form) or form.already_done()
    return redirect(f"/settings/#provider-{provider.pk}") if provider else page(request, form, status=422)


@sensitive_post_parameters("key")
@command("POST", "DELETE")
def change(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    provider = access.changeable_provider(request.user, id)
    if request.method == "DELETE" or "remove" in request.POST:
        provider.removed, provider.key = True, ""
        provider.save()
        return redirect("settings")
    if "forget" in request.POST:
        provider.key = ""
    form = ProviderForm(provider.owner, request.POST, provider)
    changed = saved(form)
    if not changed:
        return page(request, new_form(request), status=422, bad=form)
    effects.limits[changed.pk] = changed.most_at_once
    return redirect(f"/settings/#provider-{provider.pk}")


def saved(form: ProviderForm) -> Provider | None:
    """None if something is wrong, which then stands in the form."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        # The same address, twice at once: the other one won.
        form.add_error("base_url", ADDRESS_TAKEN)
        return None


async def check(request: SignedIn, id: UUID) -> HttpResponse:
    """Test connection: read the model list now, and say in words how that went."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    provider = await sync_to_async(access.provider)(request.user, id)
    trouble = await catalogue.refresh(engine().client, provider)
    return await sync_to_async(verdict)(request, provider, trouble)


def verdict(request: SignedIn, provider: Provider, trouble: str) -> HttpResponse:
    context = {"trouble": trouble, "count": count_of(provider), "provider": provider}
    return render(request, "providers/_verdict.html", context)


def new_form(request: SignedIn, data: Any = None) -> ProviderForm:
    """What the operator adds is for everybody, what anybody else adds is theirs alone."""
    return ProviderForm(None if request.user.is_staff else request.user, data)


def page(
    request: SignedIn, form: ProviderForm, status: int = 200, bad: ProviderForm | None = None
) -> HttpResponse:
    """`bad` is the form of one of the providers, with what is wrong in it."""
    rows = [
        {
            "provider": provider,
            "form": bad if bad and bad.provider and bad.provider.pk == provider.pk else form_of(provider),
            "count": count_of(provider),
            "changeable": access.may_change(request.user, provider),
        }
        for provider in access.providers(request.user)
    ]
    context = {
        "rows": rows,
        "form": form,
        "known": KNOWN,
        "several_processes": bool(settings.REDIS_URL),
        "history": history.page_of(request.user),
    }
    return render(request, "providers/index.html", context, status=status)


def form_of(provider: Provider) -> ProviderForm:
    stored = {name: getattr(provider, name) for name in ("name", "base_url", "dialect", "most_at_once")}
    return ProviderForm(provider.owner, stored, provider)


def count_of(provider: Provider) -> int:
    return provider.language_models.filter(listed=True).count()

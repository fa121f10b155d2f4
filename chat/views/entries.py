"""The history: the list beside every page, the page of all of it, and what is done to its entries."""

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.forms import check
from chat.history.acts import ACTS, Done, Order, perform
from chat.history.choosing import Chosen, all_that, chosen_among
from chat.history.details import Outdated, digest_of, store
from chat.history.forms import ActForm, EntryForm
from chat.history.undoing import undo
from chat.models import Comparison, Conversation, Tag
from chat.refusals import Refused
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    """The list beside every page, or a further part of it. `count`: as many as the page has loaded by now."""
    chosen = history.filter_of(request.user, request.GET)
    try:
        page = page_asked_for(request, chosen)
    except ValueError:
        return HttpResponseBadRequest("This is no page of the history.")
    context = {
        "history": page,
        "chosen": chosen,
        "query": chosen.query,
        "current": request.GET.get("current", ""),
    }
    return render(request, "conversations/_history.html", context)


def page_asked_for(request: SignedIn, chosen: history.Filter) -> history.HistoryPage:
    """Raises ValueError if no page gave that place."""
    after = request.GET.get("after", "")
    return history.page_of(request.user, after, chosen=chosen, count=count_in(request))


def count_in(request: SignedIn) -> int:
    typed = request.GET.get("count", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return min(max(number, history.CONVERSATIONS_ON_A_PAGE), history.MOST_AT_ONCE)


@require_safe
def everything(request: SignedIn) -> HttpResponse:
    """All of it on a page of its own, to be read without scripts and put in order with them."""
    chosen = history.filter_of(request.user, request.GET)
    try:
        page = page_asked_for(request, chosen)
    except ValueError:
        return HttpResponseBadRequest("This is no page of the history.")
    with_tags(page.entries)
    context: dict[str, Any] = {"found": page, "chosen": chosen, "after": request.GET.get("after", "")}
    if "HX-Request" in request.headers:
        return render(request, "history/_rows.html", context)
    context |= {"folders": access.folders(request.user), "tags": access.tags(request.user)}
    return render(request, "history/index.html", context | {"history": history.page_of(request.user)})


def with_tags(entries: list[history.Entry]) -> None:
    """And folders: two queries for each kind, however many they are."""
    for kind in (Conversation, Comparison):
        prefetch_related_objects([each for each in entries if isinstance(each, kind)], "tags", "folder")


@require_safe
def filters(request: SignedIn) -> HttpResponse:
    """What the list beside the page can be narrowed to."""
    context = {
        "chosen": history.filter_of(request.user, request.GET),
        "folders": access.folders(request.user),
        "tags": access.tags(request.user),
    }
    return render(request, "history/_filters.html", context)


@require_safe
def menu(request: SignedIn, id: UUID) -> HttpResponse:
    """What can be done with it now. `here`: on its own page, where more can be done."""
    context = {"entry": access.entry(request.user, id), "here": "here" in request.GET}
    return render(request, "history/_menu.html", context)


@command("GET", "POST")
def entry(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """GET: the dialog with all that its owner says about it. POST stores what was changed there."""
    row = access.entry(request.user, id)
    if request.method == "GET":
        return render(request, "history/_entry.html", entry_context(request, row))
    form = EntryForm(request.user, request.POST)
    check(form)
    try:
        store(row, form)
    except Outdated:
        context = {"entry": row, "newer": digest_of(row.notes)}
        return render(request, "history/_entry_outdated.html", context, status=409)
    return changing_history(render(request, "history/_entry_saved.html", entry_context(request, row)))


def entry_context(request: SignedIn, row: Conversation | Comparison) -> dict[str, Any]:
    tags = list(row.tags.all())
    return {
        "entry": row,
        "entry_tags": tags,
        "notes_digest": digest_of(row.notes),
        "tags_typed": ", ".join(tag.name for tag in tags),
        "folders": access.folders(request.user),
        "tags": access.tags(request.user),
    }


@command("POST")
def acts(request: SignedIn, effects: Effects) -> HttpResponse:
    """One thing, done to one entry or to thousands, once."""
    form = ActForm(request.user, request.POST)
    check(form)
    said = form.cleaned_data
    if said["act"] not in ACTS:
        raise Refused("This cannot be done to conversations. Reload the page.", status=422)
    narrowed = history.filter_of(request.user, named_of_filter(request))

    def find() -> Chosen:
        if said["everything"]:
            return all_that(request.user, narrowed)
        return chosen_among(request.user, said["entries"])

    content = " ".join(f"{name}={value}" for name, value in sorted(request.POST.items()) if name != "shown")
    with transaction.atomic():
        done = perform(request.user, said["command"], content, order_of(request, form), find)
    return told(request, effects, done, undone=False)


def named_of_filter(request: SignedIn) -> dict[str, str]:
    """The filter that the page shows. `folder` is where things go, so the filter's fields have names of their own."""
    return {name: request.POST.get(f"filter:{name}", "") for name in ("folder", "tag", "archived", "q")}


def order_of(request: SignedIn, form: ActForm) -> Order:
    act, name = form.cleaned_data["act"], form.cleaned_data["tag_name"]
    if act == "folder":
        return Order(act, folder=form.chosen_folder())
    if act == "tag":
        return Order(act, tag=Tag.of_names(request.user, [name])[0])
    if act == "untag":
        tag = access.tags(request.user).filter(name=name).first()
        if tag is None:
            raise Refused(f"There is no tag “{name}”.", status=422)
        return Order(act, tag=tag)
    return Order(act)


@command("DELETE")
def act(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Takes it back."""
    return told(request, effects, undo(request.user, id), undone=True)


def told(request: SignedIn, effects: Effects, done: Done, *, undone: bool) -> HttpResponse:
    effects.rearranged.extend(done.rearranged)
    return changing_history(render(request, "history/_told.html", {"act": done.act, "undone": undone}))


def changing_history(response: HttpResponse) -> HttpResponse:
    """Whatever lists conversations in the page asks for itself again."""
    response["HX-Trigger"] = json.dumps({"history-changed": {}})
    return response

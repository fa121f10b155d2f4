"""Folders and tags: made, renamed and deleted. What stands in them stays."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.forms import check
from chat.history.forms import FolderForm, TagForm, taken
from chat.models import Comparison, Conversation, Folder, Tag
from chat.refusals import Refused
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    context = {"history": history.page_of(request.user), **lists(request)}
    return render(request, "history/folders.html", context)


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    form = FolderForm(request.user, request.POST)
    check(form)
    return saved(request, Folder(owner=request.user, name=form.cleaned_data["name"]))


@command("POST")
def rename(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    folder = access.folder(request.user, id)
    form = FolderForm(request.user, request.POST, folder)
    check(form)
    folder.name = form.cleaned_data["name"]
    return saved(request, folder)


@command("POST")
def delete(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    folder = access.folder(request.user, id)
    with transaction.atomic():
        # One statement for each kind: the ORM's own way reads every row first.
        for kind in (Conversation, Comparison):
            kind.objects.filter(folder=folder).update(folder=None)
        folder.delete()
    return shown(request)


@command("POST")
def create_tag(request: SignedIn, effects: Effects) -> HttpResponse:
    form = TagForm(request.user, request.POST)
    check(form)
    return saved(request, Tag(owner=request.user, name=form.cleaned_data["name"]))


@command("POST")
def rename_tag(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    tag = access.tag(request.user, id)
    form = TagForm(request.user, request.POST, tag)
    check(form)
    tag.name = form.cleaned_data["name"]
    return saved(request, tag)


@command("POST")
def delete_tag(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    access.tag(request.user, id).delete()
    return shown(request)


def saved(request: SignedIn, row: Folder | Tag) -> HttpResponse:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Another tab took the name meanwhile.
        what = "folder" if isinstance(row, Folder) else "tag"
        raise Refused(taken(what, row.name), status=422) from None
    return shown(request)


def shown(request: SignedIn) -> HttpResponse:
    response = render(request, "history/_folders.html", lists(request))
    response["HX-Trigger"] = "history-changed"
    return response


def lists(request: SignedIn) -> dict[str, Any]:
    """Each with the number of entries in it. Counted by kind: joined together they would be multiplied."""
    return {
        "folders": with_counts(list(access.folders(request.user)), "folder"),
        "tags": with_counts(list(access.tags(request.user)), "tags"),
    }


def with_counts(rows: list[Any], name: str) -> list[tuple[Any, int]]:
    counts: dict[UUID, int] = {}
    for kind, there in ((Conversation, Q(listed=True)), (Comparison, Q())):
        entries = kind.objects.filter(there, deleted_at=None, **{f"{name}__in": rows})
        for id, count in entries.values_list(name).annotate(Count("pk")).order_by():
            counts[id] = counts.get(id, 0) + count
    return [(row, counts.get(row.pk, 0)) for row in rows]

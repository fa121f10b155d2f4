"""Imports: the page, the file on its way here piece by piece, and what is done with an import."""

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.forms import check
from chat.imports.formats import LABELS
from chat.models.transfer import Transfer
from chat.refusals import Refused
from chat.transfers import leaving, uploads
from chat.transfers.forms import UploadForm
from chat.transfers.jobs import jobs
from chat.who import SignedIn

# Newest first. Whoever imports more often removes old ones.
SHOWN = 50
# What is long is told without the rest.
LINES = 100


@require_safe
def index(request: SignedIn) -> HttpResponse:
    return render(request, "transfers/index.html", page_of(request))


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    """An upload begins: `name` and `size` of what will come in pieces. Without scripts a form brings a short file."""
    if file := request.FILES.get("file"):
        return take_whole(request, file)
    form = UploadForm(request.POST)
    check(form)
    data = form.cleaned_data
    transfer = uploads.begin(request.user, data["command"], data["name"], data["size"])
    return JsonResponse({"id": str(transfer.pk), "have": transfer.done, "status": transfer.status})


@command("POST")
def take_piece(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The bytes from `at` on. With the last one the import begins."""
    transfer = access.transfer(request.user, id)
    at = request.GET.get("at", "")
    if not (at.isascii() and at.isdecimal() and len(at) < 16):
        raise Refused("A piece must say at which byte it begins.")
    if transfer.status != Transfer.Status.UPLOADING:
        return JsonResponse({"status": transfer.status, "have": transfer.done})
    piece = request.body
    if not piece or len(piece) > uploads.MOST_OF_PIECE:
        raise Refused("A piece holds between 1 byte and 8 MB.", status=413)
    try:
        complete = uploads.take(transfer, int(at), piece)
    except uploads.OutOfStep as behind:
        return JsonResponse({"have": behind.have}, status=409)
    if complete:
        jobs().start(transfer.pk)
    return JsonResponse({"status": "running" if complete else "uploading", "have": int(at) + len(piece)})


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    return render(request, "transfers/_transfer.html", {"row": row_of(access.transfer(request.user, id))})


@command("POST")
def stop(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    transfer = access.transfer(request.user, id)
    mine = access.transfers(request.user).filter(pk=id)
    if transfer.status == Transfer.Status.UPLOADING:
        leaving.end(mine, Transfer.Status.CANCELLED)
        uploads.discard(id)
    else:
        mine.filter(status=Transfer.Status.RUNNING).update(stop_requested=True)
    return redirect("transfers")


@command("POST")
def undo(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    transfer = access.transfer(request.user, id)
    if transfer.status != Transfer.Status.FINISHED:
        raise Refused("Only an import that is done can be undone.", status=409)
    leaving.undo(transfer)
    return redirect("transfers")


@command("POST")
def delete(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Out of the list. What it brought stays."""
    transfer = access.transfer(request.user, id)
    if transfer.active:
        raise Refused("Cancel the import first.", status=409)
    transfer.delete()
    return redirect("transfers")


def take_whole(request: SignedIn, file: "UploadedFile[Any]") -> HttpResponse:
    form = UploadForm({"command": request.POST.get("command"), "name": file.name, "size": file.size})
    check(form)
    data = form.cleaned_data
    transfer = uploads.begin(request.user, data["command"], data["name"], data["size"])
    complete = False
    for piece in file.chunks():
        if complete := uploads.take(transfer, transfer.done, piece):
            break
        transfer.refresh_from_db()
    if complete:
        jobs().start(transfer.pk)
    return redirect("transfers")


def page_of(request: SignedIn) -> dict[str, Any]:
    mine = access.transfers(request.user).filter(kind=Transfer.Kind.IMPORT)
    newest = list(mine.order_by("-created_at", "-pk")[:SHOWN])
    return {
        "rows": [row_of(transfer) for transfer in newest],
        "command": uuid4(),
        "most": uploads.MOST_BYTES,
        "history": history.page_of(request.user),
    }


def row_of(transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer": transfer,
        "label": LABELS.get(transfer.format, ""),
        "report": transfer.report[:LINES],
        "more": max(0, len(transfer.report) - LINES),
        "undone": bool(transfer.options.get("undone")),
        "before": parse_datetime(transfer.options.get("before", "")),
    }

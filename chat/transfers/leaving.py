"""What an import leaves that nobody will show: rows of one that came to nothing, files of those that are over."""

import itertools
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from chat.models import Comparison, Conversation, Generation, Message, Pane
from chat.models.transfer import Transfer

from . import uploads

SOME = 100
CRASHED = "The server stopped while it was imported. Nothing of it was kept: import the file again."
UPLOAD_LEFT = "The upload was not finished."
SECONDS_OF_STRAY_FILES = 3600


def end(transfer: QuerySet[Transfer], status: str, error: str = "") -> bool:
    """Leave *running*, once: of two that try, one wins and is told so."""
    running = transfer.filter(status__in=Transfer.ACTIVE)
    return bool(running.update(status=status, error=error, ended_at=timezone.now()))


def forget_rows(id: UUID) -> None:
    """Of an import that was never shown: what it wrote hangs on nothing but itself, so it goes without a search for
    what hangs on it. A few conversations at a time, for others want to write, too."""
    Comparison.objects.filter(transfer=id).update(deleted_at=timezone.now())
    Pane.objects.filter(comparison__transfer=id).delete()
    Comparison.objects.filter(transfer=id).delete()
    while ids := list(Conversation.objects.filter(transfer=id).values_list("pk", flat=True)[:SOME]):
        with transaction.atomic():
            rows = Conversation.objects.filter(pk__in=ids)
            rows.update(tip=None)
            for some in batches(Message.objects.filter(conversation__in=ids).order_by("-pk")):
                Message.objects.filter(pk__in=some)._raw_delete(using=rows.db)
            rows.delete()


def batches(rows: QuerySet[Message]) -> Iterator[list[UUID]]:
    ids = rows.values_list("pk", flat=True).iterator(chunk_size=2000)
    while some := list(itertools.islice(ids, 500)):
        yield some


def undo(transfer: Transfer) -> int:
    """All that it brought is deleted, as if one had deleted each: the housekeeping takes it in its time."""
    now, there = timezone.now(), Q(transfer=transfer, deleted_at=None)
    with transaction.atomic():
        running = Generation.objects.running().filter(conversation__transfer=transfer)
        running.update(stop_requested=True)
        # In the order of `Comparison.lock`, so that nobody waits in a circle.
        count = Comparison.objects.filter(there).update(deleted_at=now)
        count += Conversation.objects.filter(there).update(deleted_at=now)
        transfer.options = {**transfer.options, "undone": True}
        transfer.save(update_fields=["options"])
    return count


def not_arriving(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without those of an import that goes on: they stand there as deleted ones until all of it is there."""
    arriving = Transfer.objects.filter(status__in=Transfer.ACTIVE)
    return rows.filter(Q(transfer=None) | ~Q(transfer__in=arriving))


def recover(known: set[UUID], *, all_running: bool = False) -> None:
    """End every import whose process is gone, and take away what it left; with `all_running`, each that is no job of
    this process, for then there is no other."""
    left = Transfer.objects.filter(status__in=Transfer.ACTIVE).exclude(pk__in=known)
    for transfer in left if all_running else left.filter(lease_until__lt=Now()):
        error = UPLOAD_LEFT if transfer.status == Transfer.Status.UPLOADING else CRASHED
        if end(Transfer.objects.filter(pk=transfer.pk), Transfer.Status.FAILED, error):
            uploads.discard(transfer.pk)
            forget_rows(transfer.pk)


def clear_files() -> None:
    """Those of no import that goes on: a process may end between the last row and its file."""
    active = {
        str(id) for id in Transfer.objects.filter(status__in=Transfer.ACTIVE).values_list("pk", flat=True)
    }
    for path in uploads.folder().iterdir():
        if path.name not in active and time.time() - path.stat().st_mtime > SECONDS_OF_STRAY_FILES:
            path.unlink(missing_ok=True)


def clear_rows() -> None:
    """Of imports that ended otherwise than well, and whose process ended before it had taken its rows away."""
    over = (Transfer.Status.FAILED, Transfer.Status.CANCELLED)
    for kind in (Conversation, Comparison):
        left = kind._default_manager.filter(transfer__status__in=over).values_list("transfer", flat=True)
        for id in left.distinct():
            forget_rows(id)

"""The threads that read imports: a few for all, one for each import. The others wait for their turn."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID

from django.db import DatabaseError, connections
from django.db.models.functions import Now

from chat.imports.cleaning import clean_text
from chat.imports.refusing import CannotRead
from chat.models.transfer import Transfer

from .leaving import CRASHED, end, forget_rows
from .reading import Over, Reading
from .uploads import FULL, discard, is_full

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 2
BROKEN = "Something went wrong on the server. Nothing was imported."


class Jobs:
    """Those of this process. `known` are the ids of all that it has taken on and not ended."""

    def __init__(self) -> None:
        self.known: set[UUID] = set()
        self._closing = Event()
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="import")

    def start(self, id: UUID) -> None:
        self.known.add(id)
        self._threads.submit(self._run, id)

    def renew(self) -> None:
        """They live as long as their process, also those that wait."""
        mine = Transfer.objects.filter(pk__in=self.known, status=Transfer.Status.RUNNING)
        mine.update(lease_until=Now() + Transfer.LEASE)

    def stop(self) -> None:
        """The server is about to end: what runs stops at its next step, and what waits never begins."""
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, id: UUID) -> None:
        try:
            self.carry_out(id)
        except Exception:
            logger.exception("An import could not be ended; the housekeeping will do it")
        finally:
            self.known.discard(id)
            connections.close_all()

    def carry_out(self, id: UUID) -> None:
        """From running to one of the ends."""
        transfer = (
            Transfer.objects.select_related("owner").filter(pk=id, status=Transfer.Status.RUNNING).first()
        )
        if transfer is None:
            return
        status, error = Transfer.Status.FAILED, ""
        try:
            Reading(transfer, self._closing).run()
            status = Transfer.Status.FINISHED
        except CannotRead as reason:
            error = clean_text(str(reason))
        except Over:
            asked = Transfer.objects.filter(pk=id, stop_requested=True).exists()
            status, error = (Transfer.Status.CANCELLED, "") if asked else (Transfer.Status.FAILED, CRASHED)
        except Exception as reason:
            logger.exception("An import failed")
            full = (isinstance(reason, OSError) and is_full(reason)) or is_full_database(reason)
            error = FULL if full else BROKEN
        discard(id)
        if status != Transfer.Status.FINISHED:
            end(Transfer.objects.filter(pk=id), status, error)
            forget_rows(id)


def is_full_database(reason: Exception) -> bool:
    return isinstance(reason, DatabaseError) and any(
        words in str(reason) for words in ("disk is full", "No space left")
    )


_jobs: Jobs | None = None


def stop_jobs() -> None:
    """Those of this process, if there are any; who starts one after that begins anew."""
    global _jobs
    ending, _jobs = _jobs, None
    if ending:
        ending.stop()


def jobs() -> Jobs:
    """Those of this process."""
    global _jobs
    if _jobs is None:
        _jobs = Jobs()
    return _jobs

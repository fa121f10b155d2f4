"""What the server does by itself: at start, every second, every few minutes, and when it is told to stop."""

import asyncio
import contextvars
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from chat import catalogue, seeding
from chat.generation import engine, shut_down
from chat.generation.recovery import recover
from chat.lock import DataFolderTaken, hold_data_folder
from chat.models import Command, Comparison, Conversation, Exchange, HistoryAct, Pane, Prompt
from chat.models.copying import hand_down
from chat.search.indexing import catch_up_all
from chat.transfers import leaving
from chat.transfers.jobs import jobs, stop_jobs

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_RECOVERIES = 1.0
SECONDS_BETWEEN_ROUNDS = 60.0
SECONDS_BETWEEN_LEASES = 3.0
SECONDS_BETWEEN_LOOKS_AT_THE_INDEX = 5.0
SECONDS_BETWEEN_BATCHES = 0.1  # so that others come to write, too
AT_ONCE = 100
DELETED_FOR = timedelta(hours=1)
UNUSED_FOR = timedelta(days=1)
COMMANDS_KEPT = timedelta(days=30)

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class Housekeeping:
    """Starts with the first thing that the server hears, once for its event loop."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        self.start()
        await self._application(scope, receive, send)

    def start(self) -> None:
        if self._tasks:
            return
        if not engine().log.shared:
            hold_data_folder(settings.DATA)
        loop = asyncio.get_running_loop()
        for work in (keep_answers_alive, keep_imports_alive, keep_the_house, keep_the_index):
            self._tasks.append(loop.create_task(work(), context=contextvars.Context()))
        stop_with_twisted(self.stop)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(shut_down(), asyncio.to_thread(stop_jobs))

    async def _live(self, receive: Any, send: Any) -> None:
        """ASGI's lifespan, for servers that have it."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    self.start()
                except DataFolderTaken as taken:
                    await send({"type": "lifespan.startup.failed", "message": str(taken)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def with_housekeeping(application: Application) -> Housekeeping:
    return Housekeeping(application)


def stop_with_twisted(stop: Callable[[], Awaitable[None]]) -> None:
    """Daphne has no lifespan: its reactor tells us when it is about to stop, and waits."""
    reactor: Any = sys.modules.get("twisted.internet.reactor")
    if reactor is None or not reactor.running:
        return
    from twisted.internet.defer import Deferred

    def before_shutdown() -> Any:
        return Deferred.fromFuture(asyncio.ensure_future(stop()))

    reactor.addSystemEventTrigger("before", "shutdown", before_shutdown)


async def keep_answers_alive() -> None:
    """Recovery: at once for what an earlier process of this machine left, then for every lease that runs out."""
    here = engine()
    alone = not here.log.shared
    while True:
        try:
            await recover(here, all_running=alone)
            alone = False
        except Exception:
            # Whatever it was: an answer that nobody ends would be shown as running for ever.
            logger.exception("Could not look for interrupted answers; it tries again")
        await asyncio.sleep(SECONDS_BETWEEN_RECOVERIES)


async def keep_imports_alive() -> None:
    """As with answers: what an earlier process of this machine left is ended at once."""
    alone = not engine().log.shared
    while True:
        try:
            # What is left may be long, and recovery of answers does not wait for it.
            await asyncio.to_thread(look_after_imports, alone)
            alone = False
        except Exception:
            logger.exception("Could not look after imports; it tries again")
        await asyncio.sleep(SECONDS_BETWEEN_LEASES)


def look_after_imports(alone: bool) -> None:
    try:
        jobs().renew()
        leaving.recover(jobs().known, all_running=alone)
    finally:
        connections.close_all()


async def keep_the_house() -> None:
    """Providers, model lists, and what was deleted long enough ago."""
    seeded = False
    while True:
        began = time.monotonic()
        try:
            if not seeded:
                await sync_to_async(seeding.seed)()
                seeded = True
            await catalogue.refresh_stale(engine().client)
            await seeding.find_local_servers()
            await sync_to_async(clear_away)()
        except Exception:
            # Whatever it was must not be the last round of this process.
            logger.exception("Housekeeping failed; it tries again")
        await asyncio.sleep(max(1.0, SECONDS_BETWEEN_ROUNDS - (time.monotonic() - began)))


async def keep_the_index() -> None:
    """What changed is put into the index of the search; at first all there is."""
    while True:
        behind = 0
        try:
            behind = await sync_to_async(index_more)()
        except Exception:
            logger.exception("Could not index what changed; it tries again")
        await asyncio.sleep(SECONDS_BETWEEN_BATCHES if behind else SECONDS_BETWEEN_LOOKS_AT_THE_INDEX)


def index_more() -> int:
    close_old_connections()
    return catch_up_all()


def clear_away() -> None:
    close_old_connections()
    now = timezone.now()
    for unused in Comparison.objects.never_used().filter(deleted_at=None, active_at__lt=now - UNUSED_FOR):
        unused.delete_for_now()
    long_ago = now - DELETED_FOR
    clear_away_conversations(long_ago)
    Pane.objects.filter(removed_at__lt=long_ago).delete()
    leaving.not_arriving(Comparison.objects.filter(deleted_at__lt=long_ago)).delete()
    leaving.clear_rows()
    leaving.clear_files()
    Prompt.objects.filter(deleted_at__lt=long_ago).that_nobody_needs().delete()
    Command.objects.filter(created_at__lt=now - COMMANDS_KEPT).delete()
    HistoryAct.objects.filter(created_at__lt=now - UNUSED_FOR).delete()
    Exchange.drop_old_events(now)


def clear_away_conversations(deleted_before: datetime) -> None:
    """A few at a time: an import that was undone may leave thousands, and others want to write, too."""
    rows = leaving.not_arriving(Conversation.objects.filter(deleted_at__lt=deleted_before))
    while dying := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            hand_down(dying)
            rows.filter(pk__in=dying).delete()

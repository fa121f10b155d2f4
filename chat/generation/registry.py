"""The tasks of this process: they belong to the server, and nothing but an end ends them."""

import asyncio
import contextvars
import logging
from collections.abc import Collection
from uuid import UUID

from asgiref.sync import sync_to_async

from chat.models import Generation

from .begin import Job
from .engine import engine
from .run import Run

logger = logging.getLogger(__name__)

# What a running answer gets to finish by itself when the server is told to go down.
GRACE_SECONDS = 8.0


def launch(job: Job) -> None:
    """Start the task of a generation whose rows are committed."""
    here = engine()
    # An empty context: the task must not live in the thread and the connection of the request that started it.
    task = asyncio.get_running_loop().create_task(
        Run(here, job).run(), name=f"generation {job.generation.pk}", context=contextvars.Context()
    )
    here.tasks[job.generation.pk] = task
    task.add_done_callback(lambda _: here.tasks.pop(job.generation.pk, None))


async def stop(generation: Generation) -> None:
    """Stop, wherever it runs: here at once, in another process when that one next looks."""
    task = engine().tasks.get(generation.pk)
    if task:
        await cancel([task])
        return
    await sync_to_async(_ask_to_stop)(generation.pk)


async def shut_down() -> None:
    """Start nothing new, let running answers finish for a while, leave none of them running."""
    here = engine()
    here.closing = True
    here.turns.send_away()
    if here.tasks:
        logger.info("Waiting up to %d s for %d running answers", GRACE_SECONDS, len(here.tasks))
        await asyncio.wait(list(here.tasks.values()), timeout=GRACE_SECONDS)
    if here.tasks:
        await cancel(list(here.tasks.values()), GRACE_SECONDS)
    await here.aclose()


async def cancel(tasks: Collection[asyncio.Task[None]], seconds: float | None = None) -> None:
    """Cancel, and wait until the ends are stored."""
    # A task that is cancelled before its first step has no chance to store an end.
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=seconds)


def _ask_to_stop(id: UUID) -> None:
    Generation.objects.filter(pk=id).running().update(stop_requested=True)

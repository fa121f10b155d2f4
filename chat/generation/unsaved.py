"""An answer of a temporary chat: it goes to who asked for it and is stored nowhere. Only what it cost is booked."""

import asyncio
import contextvars
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, transaction
from django.utils import timezone

from chat.costs import cost_of
from chat.models import Conversation, Message, Role
from chat.models.branch import Turns

from .begin import Job, in_the_protocol, job_of, request_saying
from .books import book
from .doorbell import Doorbell
from .engine import Engine, engine
from .pairing import ONLY_WAY_OUT, must_pair, refuse_unpaired
from .registry import cancel
from .run import Ending, Run
from .saver import Draft
from .writer import Writer

# What the page is told of the answer once it has ended.
Describe = Callable[[Message], dict[str, Any]]


@transaction.atomic
def begin_unsaved(conversation: Conversation, turns: Turns) -> Job:
    """A call with these turns and the settings of a conversation that has no row. Raises Nothing, Refused, Unfilled."""
    messages = in_the_protocol(conversation, turns)
    provider, body = request_saying(conversation, messages)
    if must_pair(conversation, provider):
        refuse_unpaired(messages, ONLY_WAY_OUT)
    job = job_of(conversation, provider, conversation.model, body)
    job.generation.created_at = timezone.now()
    return job


async def events_of(job: Job, describe: Describe) -> AsyncGenerator[bytes, None]:
    """The events of the answer, a line each. Who leaves stops it."""
    here, pipe = engine(), Pipe()
    task = asyncio.get_running_loop().create_task(
        UnsavedRun(here, job, pipe, describe).run(), context=contextvars.Context()
    )
    here.tasks[job.generation.pk] = task
    task.add_done_callback(lambda _: here.tasks.pop(job.generation.pk, None))
    try:
        while events := await pipe.events.get():
            yield b"".join(event + b"\n" for event in events)
    finally:
        if not task.done():
            await cancel([task])


class Pipe:
    """A log that is read once, as it is written."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Sequence[bytes]] = asyncio.Queue()

    def append(self, name: str, events: Sequence[bytes]) -> None:
        self.events.put_nowait(events)

    def close(self, name: str) -> None:
        self.events.put_nowait([])


class UnsavedRun(Run):
    """Nobody else knows of it, so nobody else can end it."""

    def __init__(self, engine: Engine, job: Job, pipe: Pipe, describe: Describe) -> None:
        super().__init__(engine, job)
        self._writer = Writer(str(self._id), 1, pipe, Doorbell())
        self._describe = describe
        self._conversation = job.generation.conversation

    def _keep_saved(self, task: "asyncio.Task[Any]") -> None:
        """There is nothing to save, so the limits must be told otherwise what it costs."""
        self._meter.keep_unsaved()

    async def _end(self, ending: Ending) -> None:
        self._mark("ended")
        await self._store_end(ending, Draft.of(self._id, self._writer))
        told = await sync_to_async(self._told)(ending)
        self._writer.end({"type": "end", "status": str(ending.status), **told})

    def _store(self, ending: Ending, draft: Draft) -> bool:
        close_old_connections()
        generation = self._job.generation
        facts = {**self._facts, "timings": self._times, "error": ending.error}
        facts["cost"] = cost_of(self._facts.get("usage"), generation.prices)
        facts["estimate"] = self._estimate()
        # There is no such row.
        generation.conversation = None  # type: ignore[assignment]
        with transaction.atomic():
            self._booked = book(generation, ending.status, facts, self._meter.sent)
        return True

    def _told(self, ending: Ending) -> dict[str, Any]:
        fields = Draft.of(self._id, self._writer).fields[0]
        call, conversation = self._job.generation, self._conversation
        answer = Message(generation=call, conversation=conversation, role=Role.ASSISTANT, **fields)
        return self._describe(answer)

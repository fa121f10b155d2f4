"""One run, from the request to the one end that it has."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, transaction

from chat.budgets import Limit
from chat.completions import CompletionError, Recorder, StreamInterrupted, TimedOut
from chat.completions import events as upstream
from chat.costs import cost_of
from chat.endpoints import Unusable, endpoint_of
from chat.estimates import Estimate
from chat.models import Exchange, Generation, Provider, Status
from chat.models.generation import is_unsent

from .begin import Job
from .books import book
from .engine import Engine
from .exchange import exchange_of, keep
from .meter import Meter
from .saver import Draft, save_messages
from .told import describe, usage_fields
from .turns import Place
from .waiting import note_turn, note_waiting
from .writer import Writer, wire_events

logger = logging.getLogger(__name__)

SECONDS_BEFORE_TRYING_TO_END_AGAIN = 0.5
SECONDS_TO_KEEP_TRYING_TO_END = 60.0


@dataclass(frozen=True, slots=True)
class Ending:
    status: Status
    error: dict[str, Any] | None = None


class Run:
    def __init__(self, engine: Engine, job: Job) -> None:
        self._engine = engine
        self._job = job
        self._id = job.generation.pk
        self._writer = Writer(str(self._id), job.choices, engine.log, engine.doorbell)
        self._facts: dict[str, Any] = {}
        self._timings: dict[str, float] = {}
        self._recorder = Recorder()
        generation = job.generation
        who = (generation.owner_id, generation.conversation_id)
        streamed = job.body.get("stream") is not False
        self._meter = Meter(engine.purses, who, job.rate, job.sent, streamed=streamed)
        # The limit that does not let it go on.
        self._limit: Limit | None = None
        self._booked: float | None = None
        self._began = time.perf_counter()

    async def run(self) -> None:
        task = asyncio.current_task()
        assert task
        self._keep_saved(task)
        self._meter.open(self._job.limits)
        try:
            try:
                ending = await self._answer()
            finally:
                self._engine.saver.unregister(self._id)
            # From here on a second stop must not take the words away.
            await undisturbed(self._end(ending))
        finally:
            self._meter.close(self._booked)

    def _keep_saved(self, task: "asyncio.Task[Any]") -> None:
        self._engine.saver.register(self._id, self._writer, task, self._meter)

    async def _answer(self) -> Ending:
        provider = self._job.provider
        try:
            with self._engine.turns.place(provider.pk, provider.most_at_once, self._tell_queued) as place:
                if not place.has_come:
                    provider = await self._wait_for_turn(place)
                await self._ask(provider)
        except asyncio.CancelledError:
            return self._stopped()
        except CompletionError as error:
            return Ending(self._status_after(error), describe(error))
        except Unusable as error:
            return Ending(Status.FAILED, {"message": str(error), "retryable": False})
        except Exception:
            # The one place that turns whatever went wrong into a failed row, so that nothing spins for ever.
            logger.exception("Generation %s failed", self._id)
            message = "The playground itself failed here. What had arrived is kept; its log has the details."
            return Ending(Status.FAILED, {"message": message, "retryable": True})
        return self._stopped() if self._limit else Ending(Status.FINISHED)

    def _tell_queued(self, ahead: int) -> None:
        # Who is blind must not see which model belongs to a provider with a limit.
        if not self._job.generation.conversation.blind:
            self._writer.add({"type": "queued", "ahead": ahead, "seconds": round(self._now / 1000, 1)})

    async def _wait_for_turn(self, place: Place) -> Provider:
        try:
            await sync_to_async(note_waiting)(self._job)
            await place.wait()
        finally:
            self._mark("queued")
        return await sync_to_async(note_turn)(self._job, self._timings["queued"])

    async def _ask(self, provider: Provider) -> None:
        stream = self._engine.client.stream(
            endpoint_of(provider, self._job.body),
            self._job.body,
            held_back=self._take,
            recorder=self._recorder,
        )
        # The next one's turn comes when this connection is closed.
        async with aclosing(stream) as events:
            async for event in events:
                self._take(event)

    def _stopped(self) -> Ending:
        if self._limit:
            return Ending(Status.STOPPED, {"message": self._limit.stopped, "retryable": False})
        if self._engine.closing:
            message = "The server was shut down while the model was answering."
            if self._unsent:
                message = "The server was shut down before this was sent."
            return Ending(Status.INTERRUPTED, {"message": message, "retryable": True})
        return Ending(Status.STOPPED)

    def _status_after(self, error: CompletionError) -> Status:
        """Cut short is not failed: what came before is right."""
        cut = isinstance(error, StreamInterrupted) or (
            isinstance(error, TimedOut) and "first_token" in self._timings
        )
        return Status.INTERRUPTED if cut else Status.FAILED

    def _take(self, event: upstream.Event) -> None:
        if self._limit or not self._may_spend(event):
            return
        if type(event) is upstream.Text:
            self._mark("first_token")
            self._mark("first_text")
        elif type(event) is upstream.Reasoning or type(event) is upstream.ToolCall:
            self._mark("first_token")
        else:
            self._note(event)
        for wire in wire_events(event):
            self._writer.add(wire)

    def _may_spend(self, event: upstream.Event) -> bool:
        """Counts what the model says. At a limit the stream is left, as if somebody had stopped it."""
        if type(event) is upstream.Text or type(event) is upstream.Reasoning:
            self._limit = self._meter.take(event.text)
        elif type(event) is upstream.ToolCall:
            self._limit = self._meter.take(event.arguments or "")
        if self._limit and (task := asyncio.current_task()):
            task.cancel()
        return self._limit is None

    @property
    def _times(self) -> dict[str, float]:
        return {**self._timings, **self._recorder.timings}

    @property
    def _unsent(self) -> bool:
        return is_unsent(self._times)

    @property
    def _now(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 1)

    def _mark(self, name: str) -> None:
        if name not in self._timings:
            self._timings[name] = self._now

    def _note(self, event: upstream.Event) -> None:
        match event:
            case upstream.Opened():
                self._mark("opened")
                self._facts["request_id"] = event.request_id or ""
            case upstream.TextWasReasoning():
                self._timings.pop("first_text", None)
            case upstream.Answered(_, model):
                self._facts["answered_model"] = model or ""
            case upstream.Usage():
                self._facts["usage"] = usage_fields(event)

    async def _end(self, ending: Ending) -> None:
        self._mark("ended")
        draft = Draft.of(self._id, self._writer)
        won = await self._store_end(ending, draft)
        if won:
            self._writer.end({"type": "end", "status": str(ending.status)})
        elif won is not None:
            # Somebody else ended it: how, and with which words, stands in the database.
            self._engine.log.forget(self._writer.name)
            self._engine.doorbell.ring(self._writer.name)
        self._engine.doorbell.ring(f"conversation.{self._job.generation.conversation_id}")

    async def _store_end(self, ending: Ending, draft: Draft) -> bool | None:
        """Whether this end won. None if the database would not take it: recovery finds the words in the log."""
        until = time.monotonic() + SECONDS_TO_KEEP_TRYING_TO_END
        while True:
            try:
                return await sync_to_async(self._store)(ending, draft)
            except DatabaseError:
                logger.exception("Could not store the end of generation %s", self._id)
                if time.monotonic() > until:
                    return None
                await asyncio.sleep(SECONDS_BEFORE_TRYING_TO_END_AGAIN)

    def _store(self, ending: Ending, draft: Draft) -> bool:
        close_old_connections()
        facts = {**self._facts, "timings": self._times, "error": ending.error, "lease_until": None}
        facts["sequence"] = draft.sequence
        facts["cost"] = cost_of(self._facts.get("usage"), self._job.generation.prices)
        facts["estimate"] = self._estimate()
        exchange = self._exchange()
        with transaction.atomic():
            won = Generation.objects.filter(pk=self._id).end(ending.status, **facts)
            if won:
                save_messages([draft])
                self._booked = book(self._job.generation, ending.status, facts, self._meter.sent)
                keep(exchange)
        return won

    def _exchange(self) -> Exchange | None:
        try:
            return None if self._unsent else exchange_of(self._id, self._recorder)
        except Exception:
            # Without it an answer is still an answer.
            logger.exception("Could not record the exchange of generation %s", self._id)
            return None

    def _estimate(self) -> Estimate | None:
        """Where a model has said something and its provider did not count. What fails before costs nothing."""
        told = self._facts.get("usage") or {}
        counted = any(told.get(name) is not None for name in ("completion_tokens", "cost"))
        said = "first_token" in self._timings or self._limit
        return self._meter.estimate if said and not counted else None


async def undisturbed(work: Coroutine[Any, Any, None]) -> None:
    """Wait for this to its end, however often the waiting is cancelled."""
    task = asyncio.create_task(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            pass  # If it was the work itself that was cancelled, the loop is over, and its result says so.
    task.result()

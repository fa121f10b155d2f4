"""Takes what the writers hold to the database, about twice a second, all of it in one transaction.

The same round renews the leases and learns who was asked, by another process, to stop.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, close_old_connections, transaction

from chat.budgets import limits
from chat.estimates import Estimate
from chat.models import Generation, Message
from chat.models.rows import update_rows

from .meter import Meter, Purses
from .writer import Writer

logger = logging.getLogger(__name__)

# From one beginning to the next. A kill takes this, a save and a merge at most: together they must stay below 500 ms.
SECONDS_BETWEEN_SAVES = 0.35
SHORTEST_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Draft:
    """What one generation has said up to an event of its log."""

    generation: UUID
    sequence: int
    fields: list[dict[str, Any]]  # one for each choice
    estimate: Estimate | None = None  # of what has a price

    @classmethod
    def of(cls, generation: UUID, writer: Writer, meter: Meter | None = None) -> "Draft":
        writer.flush()
        fields = [message_fields(answer) for answer in writer.answers]
        estimate = meter.estimate if meter and meter.is_priced else None
        return cls(generation, writer.sequence, fields, estimate)


def message_fields(answer: Any) -> dict[str, Any]:
    return {
        "parts": answer.parts,
        "reasoning": answer.reasoning,
        "tool_calls": [dict(call) for call in answer.tool_calls],
        "finish_reason": answer.finish_reason,
        "logprobs": list(answer.logprobs) or None,
    }


class Saver:
    """The writers of this process. The task of a generation that is no longer ours to run is cancelled."""

    def __init__(
        self, in_thread: Callable[[Callable[..., Any]], Callable[..., Any]], purses: Purses | None = None
    ) -> None:
        self._save = in_thread(save)
        self._limits = in_thread(limits)
        self._purses = purses or Purses()
        self._writers: dict[UUID, tuple[Writer, asyncio.Task[Any], Meter | None]] = {}
        self._task: asyncio.Task[None] | None = None

    def register(
        self, generation: UUID, writer: Writer, task: asyncio.Task[Any], meter: Meter | None = None
    ) -> None:
        self._writers[generation] = (writer, task, meter)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def unregister(self, generation: UUID) -> None:
        self._writers.pop(generation, None)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        next_round = loop.time() + SECONDS_BETWEEN_SAVES
        while self._writers:
            await asyncio.sleep(max(SHORTEST_PAUSE, next_round - loop.time()))
            next_round = loop.time() + SECONDS_BETWEEN_SAVES
            try:
                await self._round()
            except Exception:
                # Whatever it was, the words are still in memory and the leases still ours: the next round takes them.
                logger.exception("Could not save running answers")

    async def _round(self) -> None:
        writers = dict(self._writers)
        dirty = [(id, writer) for id, (writer, _, _) in writers.items() if writer.dirty]
        drafts = [Draft.of(id, writer, writers[id][2]) for id, writer in dirty]
        taken = self._purses.taken()
        for _, writer in dirty:
            writer.dirty = False
        try:
            ended = await self._save(drafts, list(writers))
        except BaseException:
            for _, writer in dirty:
                writer.dirty = True
            raise
        for id in ended:
            if id in self._writers:
                self._writers[id][1].cancel()
        if users := self._purses.users:
            self._purses.renew(await self._limits(users), taken)


def save(drafts: list[Draft], ours: list[UUID]) -> set[UUID]:
    """Save, renew the leases, and return those of ours that somebody stopped or ended."""
    close_old_connections()
    try:
        return save_together(drafts, ours)
    except (DataError, IntegrityError):
        return save_apart(drafts, ours)


def save_apart(drafts: list[Draft], ours: list[UUID]) -> set[UUID]:
    """The database refuses what one of them holds: that must cost the others neither their words nor their leases."""
    ended = save_together([], ours)
    for draft in drafts:
        try:
            save_together([draft], [draft.generation])
        except (DataError, IntegrityError):
            logger.exception("Could not save generation %s", draft.generation)
    return ended


def save_together(drafts: list[Draft], ours: list[UUID]) -> set[UUID]:
    with transaction.atomic():
        running = Generation.objects.filter(pk__in=ours)
        running.renew()
        still = set(running.running().filter(stop_requested=False).values_list("pk", flat=True))
        save_drafts([draft for draft in drafts if draft.generation in still])
    return set(ours) - still


def save_drafts(drafts: Sequence[Draft]) -> None:
    sequences = [{"id": draft.generation, "sequence": draft.sequence} for draft in drafts]
    update_rows(Generation, sequences, ["id"])
    estimates = [{"id": draft.generation, "estimate": draft.estimate} for draft in drafts if draft.estimate]
    update_rows(Generation, estimates, ["id"])
    save_messages(drafts)


def save_messages(drafts: Sequence[Draft]) -> None:
    messages = [
        {"generation": draft.generation, "choice": choice, **fields}
        for draft in drafts
        for choice, fields in enumerate(draft.fields)
    ]
    update_rows(Message, messages, ["generation", "choice"])

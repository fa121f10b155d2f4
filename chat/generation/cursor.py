"""A reader's place in a generation's log: the reading half, and all that a socket needs of this package.

The reader says how many events it has and gets everything from there on. It holds at most a window of bytes that it
has not acknowledged, so one that stalls costs the server nothing: when it wakes it gets the rest.
"""

import time
from collections import deque
from collections.abc import AsyncIterator
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async

from chat.models import Message, Status

from .doorbell import Bell
from .engine import Engine
from .log import LogUnavailable
from .veil import veiled, without_ids

WINDOW_BYTES = 128 * 1024
FRAME_BYTES = 32 * 1024
# In case a ring was lost.
SECONDS_BETWEEN_LOOKS = 1.0
# A log may fall silent for good: its process died before the last event was in it. The database knows.
SECONDS_OF_SILENCE = 3.0


class Cursor:
    """The frames of one generation for one reader, from the event with number `have` on.

    `blind`: it belongs to a round that is not revealed, so that the reader gets no more than the words.
    """

    def __init__(self, engine: Engine, generation: UUID, have: int, *, blind: bool = False) -> None:
        self.name = str(generation)
        self._blind = blind
        self._engine = engine
        self._id = generation
        self._have = have
        self._unacknowledged: deque[tuple[int, int]] = deque()
        self._outstanding = 0
        self._heard_at = time.monotonic()
        self._bell = Bell()

    def acknowledge(self, have: int) -> None:
        while self._unacknowledged and self._unacknowledged[0][0] <= have:
            self._outstanding -= self._unacknowledged.popleft()[1]
        self._bell.ring()

    async def frames(self) -> AsyncIterator[str]:
        """Each frame once, in order, until the end has been given."""
        with self._engine.doorbell.listen(self.name, self._bell):
            ended = False
            while not ended:
                async for frame, last in self._new_frames():
                    ended = ended or last
                    yield frame
                if not ended:
                    await self._bell.wait(SECONDS_BETWEEN_LOOKS)

    async def _new_frames(self) -> AsyncIterator[tuple[str, bool]]:
        while self._outstanding < WINDOW_BYTES:
            try:
                events = await self._engine.log.read(self.name, self._have, FRAME_BYTES)
            except LogUnavailable:
                events = None
            if events is None or (not events and self._is_silent()):
                async for item in self._stored():
                    yield item
                return
            if not events:
                return
            self._heard_at = time.monotonic()
            yield self._frame(events), events[-1].startswith(b'{"type":"end"')

    def _is_silent(self) -> bool:
        """Whether it is time to ask the database too; then it is not for a while."""
        silent = self._engine.log.shared and time.monotonic() - self._heard_at > SECONDS_OF_SILENCE
        if silent:
            self._heard_at = time.monotonic()
        return silent

    def _frame(self, events: list[bytes]) -> str:
        start = self._have
        self._have += len(events)
        body = b",".join(map(veiled, events) if self._blind else events).decode()
        self._send(len(body))
        return f'{{"type":"events","generation":"{self.name}","from":{start},"events":[{body}]}}'

    def _send(self, size: int) -> None:
        self._unacknowledged.append((self._have, size))
        self._outstanding += size

    async def _stored(self) -> AsyncIterator[tuple[str, bool]]:
        """What the database has, when there is no log to read: the whole text, not a piece of it."""
        stored = await sync_to_async(read_stored)(self._id)
        if stored is None:
            yield f'{{"type":"gone","generation":"{self.name}"}}', True
            return
        status, sequence, answers = stored
        answers = without_ids(answers) if self._blind else answers
        if status != Status.RUNNING or sequence > self._have:
            self._have = max(sequence, self._have)
            frame = {
                "type": "stored",
                "generation": self.name,
                "have": self._have,
                "status": status,
                "answers": answers,
            }
            line = orjson.dumps(frame).decode()
            self._send(len(line))
            yield line, status != Status.RUNNING


def read_stored(id: UUID) -> tuple[str, int, list[dict[str, object]]] | None:
    """Status, number of events in the saved words, and the words of each choice: all of one moment, so in one query."""
    fields = ("choice", "parts", "reasoning", "tool_calls", "generation__status", "generation__sequence")
    rows = Message.objects.filter(generation=id).select_related("generation").only(*fields).order_by("choice")
    answers: list[dict[str, object]] = [
        {"choice": m.choice, "text": m.text, "reasoning": m.reasoning, "tool_calls": m.tool_calls}
        for m in rows
    ]
    generation = rows[0].generation if answers else None
    return (generation.status, generation.sequence, answers) if generation else None

"""The log in Redis, for several processes: one list for each generation, a mark and then its events.

`append` hands over and returns. One task writes, many generations in one round trip, and keeps what Redis would not
take until it does: readers meanwhile live on what the database has. Each piece says how long the list must be before
it, so one that is sent again because only the answer was lost changes nothing. A list that Redis lost is not begun
anew in its middle, and one whose end Redis lost is given up: its readers would wait for events that never come.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .log import SECONDS_KEPT, LogUnavailable, first_bytes

logger = logging.getLogger(__name__)

PREFIX = "playground:log:"
# A log whose writer died is nobody's: Redis forgets it.
SECONDS_WITHOUT_WRITER = 3600
SECONDS_BEFORE_TRYING_AGAIN = 0.5
READ_EVENTS = 2000
MARK = b"0"
# What may wait for a Redis that is away. Beyond it the oldest log is given up: its readers use the database.
MOST_WAITING = 100_000

ANYWHERE = -1
_PUSH = """
    local place, length = tonumber(ARGV[1]), redis.call('LLEN', KEYS[1])
    if length < place then
        redis.call('DEL', KEYS[1])
    elseif place < 0 or length == place then
        for event = 3, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[event]) end
        redis.call('EXPIRE', KEYS[1], ARGV[2])
    end
"""


class Piece(NamedTuple):
    """Events and their place in the list; without events, the list has ended."""

    name: str
    place: int
    events: Sequence[bytes]


class RedisLog:
    shared = True

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._waiting: deque[Piece] = deque()
        self._lengths: dict[str, int] = {}
        self._broken: set[str] = set()
        self._to_delete: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def append(self, name: str, events: Sequence[bytes]) -> None:
        place = self._lengths.get(name, 0)
        if place == 0:
            events = [MARK, *events]
        self._lengths[name] = place + len(events)
        self._hand_over(Piece(name, place, events))

    def end(self, name: str, event: bytes) -> None:
        """For a log whose writer died: the last event, after whatever is there."""
        self._hand_over(Piece(name, ANYWHERE, [event]))
        self._hand_over(Piece(name, ANYWHERE, []))

    def close(self, name: str) -> None:
        self._lengths.pop(name, None)
        self._hand_over(Piece(name, ANYWHERE, []))
        self._broken.discard(name)

    def forget(self, name: str) -> None:
        """Another process ended it, and has written so."""
        self.close(name)

    async def read(self, name: str, start: int, most_bytes: int) -> list[bytes] | None:
        key = PREFIX + name
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.lindex(key, 0)
                pipe.lrange(key, start + 1, start + READ_EVENTS)
                mark, events = await pipe.execute()
        except (RedisError, OSError) as error:
            raise LogUnavailable(str(error)) from error
        # Before Python 3.12 `asyncio.wait_for`, which the client of Redis uses, may swallow it.
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError
        if mark is None:
            return None
        if mark != MARK:
            raise LogUnavailable("Redis lost the beginning of this log")
        return first_bytes(events, 0, most_bytes)

    async def aclose(self) -> None:
        if self._task:
            await asyncio.wait([self._task], timeout=2)
            self._task.cancel()
        await self._redis.aclose()

    def _hand_over(self, piece: Piece) -> None:
        if piece.name in self._broken:
            return
        self._waiting.append(piece)
        if len(self._waiting) > MOST_WAITING:
            self._give_up(self._waiting[0].name)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._write())

    def _give_up(self, name: str) -> None:
        """A log with a hole would be read as whole, so it must go altogether."""
        self._broken.add(name)
        self._to_delete.add(name)
        self._waiting = deque(piece for piece in self._waiting if piece.name != name)

    async def _write(self) -> None:
        while self._waiting or self._to_delete:
            batch, self._waiting = self._waiting, deque()
            given_up = set(self._to_delete)
            try:
                await self._send(batch, given_up)
            except (RedisError, OSError) as error:
                logger.warning("Redis does not take the log: %s", error)
                still = (piece for piece in batch if piece.name not in self._to_delete)
                self._waiting.extendleft(reversed(list(still)))
                await asyncio.sleep(SECONDS_BEFORE_TRYING_AGAIN)
                continue
            self._to_delete -= given_up

    async def _send(self, batch: Iterable[Piece], given_up: Iterable[str]) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            for name, place, events in batch:
                if events:
                    pipe.eval(_PUSH, 1, PREFIX + name, place, SECONDS_WITHOUT_WRITER, *events)
                else:
                    pipe.expire(PREFIX + name, int(SECONDS_KEPT))
            for name in given_up:
                pipe.delete(PREFIX + name)
            await pipe.execute()

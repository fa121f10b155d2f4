"""The log of a generation: its events in order, each already JSON. A reader asks for "everything from n on".

Two homes, one interface. Memory serves one process. Redis (`redis_log.py`) serves several.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

# How long a finished log stays for readers that are catching up. After that they read the database.
SECONDS_KEPT = 60.0


class LogUnavailable(Exception):
    """The log cannot be read just now: the database has to do."""


class Sink(Protocol):
    """What a writer needs."""

    def append(self, name: str, events: Sequence[bytes]) -> None:
        """Add to the end. The order of calls is the order of events."""

    def close(self, name: str) -> None:
        """Nothing more will come; forget it after a while."""


class Log(Sink, Protocol):
    shared: bool

    async def read(self, name: str, start: int, most_bytes: int) -> list[bytes] | None:
        """Events from `start` on, at least one if there is one; None where there is no such log."""

    def end(self, name: str, event: bytes) -> None:
        """The last event of a log whose writer died."""

    def forget(self, name: str) -> None:
        """Its readers are to use the database from here on."""

    async def aclose(self) -> None: ...


class MemoryLog:
    shared = False

    def __init__(self) -> None:
        self._events: dict[str, list[bytes]] = {}

    def append(self, name: str, events: Sequence[bytes]) -> None:
        self._events.setdefault(name, []).extend(events)

    async def read(self, name: str, start: int, most_bytes: int) -> list[bytes] | None:
        events = self._events.get(name)
        return None if events is None else first_bytes(events, start, most_bytes)

    def end(self, name: str, event: bytes) -> None:
        """Memory dies with its process. It outlives a writer only where the database would not take the end."""
        if name in self._events:
            self.append(name, [event])
            self.close(name)

    def close(self, name: str) -> None:
        asyncio.get_running_loop().call_later(SECONDS_KEPT, self.forget, name)

    def forget(self, name: str) -> None:
        self._events.pop(name, None)

    async def aclose(self) -> None:
        self._events.clear()


def first_bytes(events: Sequence[bytes], start: int, most_bytes: int) -> list[bytes]:
    end, size = start, 0
    while end < len(events) and (size < most_bytes or end == start):
        size += len(events[end])
        end += 1
    return list(events[start:end])

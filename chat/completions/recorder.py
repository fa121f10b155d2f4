"""What one call does on the wire, and when: kept for whoever wants to see it, at the cost of a tuple for each event."""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp

from .characters import clean
from .errors import CompletionError
from .events import Opened
from .masking import SHORTEST, SHOWN, mask

MOST_CHARACTERS = 1_000_000

# Milliseconds since the call was asked for, and the data of one event.
Arrival = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that was repeated: when it began and failed, and why."""

    began: float
    failed: float
    status: int | None
    why: str


class Recorder:
    """Made when a call is asked for; what it tells is in milliseconds since then. Keeps the last attempt.

    Of the events it keeps the first MOST_CHARACTERS of text and counts all. Nothing that it tells holds the key.
    """

    _answer: Opened | None

    def __init__(self) -> None:
        self.zero = time.monotonic()
        self.failed: list[Failed] = []
        self._forget("", {})

    # Told by the client

    def begin(self, key: str, headers: Mapping[str, str]) -> None:
        """An attempt begins. `headers` are those that the client asks for; the transport may add some."""
        self._forget(key, headers)
        self.mark("attempt")

    def mark(self, name: str) -> None:
        self._marks[name] = time.monotonic()

    def sent(self, headers: Mapping[str, str]) -> None:
        """The headers as they were really written."""
        self._headers = dict(headers)
        self.mark("written")

    def open(self, opened: Opened) -> None:
        self.mark("opened")
        self._answer = opened

    def take(self, data: str, at: float) -> None:
        """One event, and the loop's time when it had come."""
        self.count += 1
        self._room -= len(data)
        if self._room >= 0:
            self._arrivals.append((at, data))

    def fail(self, error: CompletionError) -> None:
        """What the provider said instead of an answer is the one thing that came."""
        if error.body:
            self.take(error.body, time.monotonic())

    def give_up(self, error: CompletionError) -> None:
        """This attempt is over, and another one follows."""
        began = self._ms(self._marks.get("attempt", self.zero))
        self.failed.append(Failed(began, self._ms(time.monotonic()), error.status, clean(str(error))))

    # To be asked

    @property
    def request_headers(self) -> dict[str, str]:
        return {
            name: f"Bearer {SHOWN}" if name.lower() == "authorization" else clean(mask(value, self._key))
            for name, value in self._headers.items()
        }

    @property
    def status(self) -> int | None:
        return self._answer.status if self._answer else None

    @property
    def response_headers(self) -> dict[str, str]:
        found = self._answer.headers if self._answer else {}
        return {name: clean(value) for name, value in found.items()}

    @property
    def timings(self) -> dict[str, float]:
        """Those of `called`, `attempt`, `connected`, `written`, `opened` and `last_event` that there were."""
        marks = {name: self._ms(at) for name, at in self._marks.items()}
        if "attempt" in marks:
            marks["called"] = self.failed[0].began if self.failed else marks["attempt"]
        if self._arrivals:
            marks["last_event"] = self._ms(self._arrivals[-1][0])
        return marks

    @property
    def arrivals(self) -> list[Arrival]:
        return [(self._ms(at), self._without_key(data)) for at, data in self._arrivals]

    def _forget(self, key: str, headers: Mapping[str, str]) -> None:
        self._key = key
        self._headers = dict(headers)
        self._marks: dict[str, float] = {}
        self._answer = None
        self._arrivals: list[Arrival] = []  # by the clock
        self._room = MOST_CHARACTERS
        self.count = 0

    def _ms(self, at: float) -> float:
        return round((at - self.zero) * 1000, 1)

    def _without_key(self, data: str) -> str:
        """An event of an answer keeps every other letter; one with an error may hold half a key."""
        if '"error"' in data:
            return mask(data, self._key)
        return data.replace(self._key, SHOWN) if len(self._key) >= SHORTEST else data


# The transport is told of a request only what HTTP knows. It runs in the task that asks.
RECORDER: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def make_trace() -> aiohttp.TraceConfig:
    """Tells the recorder of the task when it is connected, and what was really sent."""
    trace = aiohttp.TraceConfig(lambda trace_request_ctx: RECORDER.get())  # type: ignore[arg-type]
    trace.on_connection_create_end.append(_connected)  # type: ignore[arg-type]
    trace.on_connection_reuseconn.append(_connected)  # type: ignore[arg-type]
    trace.on_request_headers_sent.append(_headers_sent)  # type: ignore[arg-type]
    trace.on_request_chunk_sent.append(_written)  # type: ignore[arg-type]
    return trace


async def _connected(session: aiohttp.ClientSession, recorder: Recorder | None, told: Any) -> None:
    if recorder:
        recorder.mark("connected")


async def _headers_sent(
    session: aiohttp.ClientSession, recorder: Recorder | None, told: aiohttp.TraceRequestHeadersSentParams
) -> None:
    if recorder:
        recorder.sent(told.headers)


async def _written(session: aiohttp.ClientSession, recorder: Recorder | None, told: Any) -> None:
    if recorder:
        recorder.mark("written")

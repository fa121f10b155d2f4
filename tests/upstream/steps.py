"""The steps that a script is made of. Each plays itself on a wire."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from .wire import Ended, Wire

SSE = {"Content-Type": "text/event-stream; charset=utf-8"}


class Step(Protocol):
    async def play(self, wire: Wire) -> None: ...


@dataclass
class Script:
    steps: list[Step]

    async def play(self, wire: Wire) -> None:
        for step in self.steps:
            await step.play(wire)

    def __add__(self, other: "Script") -> "Script":
        return Script(self.steps + other.steps)


@dataclass
class Head:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: SSE)
    framing: str = "chunked"

    async def play(self, wire: Wire) -> None:
        await wire.start(self.status, self.headers, self.framing)


@dataclass
class Send:
    data: bytes

    async def play(self, wire: Wire) -> None:
        await wire.send(self.data)


@dataclass
class Raw:
    data: bytes

    async def play(self, wire: Wire) -> None:
        await wire.write(self.data)


@dataclass
class Drip:
    data: bytes
    size: int = 1

    async def play(self, wire: Wire) -> None:
        for start in range(0, len(self.data), self.size):
            await wire.send(self.data[start : start + self.size])
            # Lets the client read this piece by itself.
            await asyncio.sleep(0)


@dataclass
class Event:
    data: Any

    async def play(self, wire: Wire) -> None:
        await wire.send(event_bytes(self.data))


@dataclass
class Say:
    text: str
    choice: int = 0
    key: str = "content"

    async def play(self, wire: Wire) -> None:
        await wire.send(event_bytes(wire.chunk({self.key: self.text}, self.choice)))
        if self.key == "content":
            wire.sent.append((self.choice, self.text))


@dataclass
class Finish:
    """The last chunks: the finish reason for each choice, and the usage where the request wants it."""

    reason: str = "stop"
    choices: int = 1
    tokens: int = 0

    async def play(self, wire: Wire) -> None:
        usage = {"prompt_tokens": 7, "completion_tokens": self.tokens, "total_tokens": 7 + self.tokens}
        options = wire.body.get("stream_options")
        apart = isinstance(options, dict) and bool(options.get("include_usage"))
        for choice in range(self.choices):
            last = choice == self.choices - 1
            extra = {"usage": usage} if last and not apart else {}
            await wire.send(event_bytes({**wire.chunk({}, choice, self.reason), **extra}))
        if apart:
            await wire.send(event_bytes({**wire.chunk({}), "choices": [], "usage": usage}))


@dataclass
class Done:
    async def play(self, wire: Wire) -> None:
        await wire.send(b"data: [DONE]\n\n")


@dataclass
class Pause:
    seconds: float

    async def play(self, wire: Wire) -> None:
        await asyncio.sleep(self.seconds)


class Gate:
    """Holds the server until the test opens it. May be opened before it is reached."""

    def __init__(self) -> None:
        self._opened: Future[None] = Future()
        self._reached: Future[None] = Future()

    def open(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def wait_until_reached(self, timeout: float = 10) -> None:
        self._reached.result(timeout)

    async def play(self, wire: Wire) -> None:
        if not self._reached.done():
            self._reached.set_result(None)
        # Shielded, so that a client that leaves does not break the gate.
        await asyncio.shield(asyncio.wrap_future(self._opened))


@dataclass
class Cut:
    async def play(self, wire: Wire) -> None:
        raise Ended


@dataclass
class Reset:
    async def play(self, wire: Wire) -> None:
        sock = wire.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Ended


@dataclass
class Hang:
    async def play(self, wire: Wire) -> None:
        await asyncio.get_running_loop().create_future()


@dataclass
class Endless:
    step: Step

    async def play(self, wire: Wire) -> None:
        while True:
            await self.step.play(wire)


@dataclass
class Tokens:
    """Says these, so many a second (0 is as fast as it can), by the clock and not by pauses that add up."""

    tokens: list[str]
    speed: float = 0
    choices: int = 1
    key: str = "content"

    async def play(self, wire: Wire) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number, token in enumerate(self.tokens):
            if self.speed and (wait := start + number / self.speed - loop.time()) > 0:
                await asyncio.sleep(wait)
            for choice in range(self.choices):
                await Say(token, choice, self.key).play(wire)


def event_bytes(data: Any) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"data: {text}\n\n".encode(errors="surrogatepass")

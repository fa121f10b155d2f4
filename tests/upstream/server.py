"""The server: reads requests, picks scripts, plays them, and notices when a client leaves early."""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .instructions import Instructions, read_instructions, whole_reply
from .scripts import reply
from .steps import Done, Finish, Head, Script, Tokens
from .wire import Ended, Wire

MODELS = [{"id": "mirror", "object": "model", "created": 0, "owned_by": "tests"}]


@dataclass(eq=False)
class Request:
    """A request as it came, from the client's port `peer`.

    `closed_at` is when the client left before the end of the answer.
    """

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    body: Any
    time: float
    peer: int = 0
    finished: bool = False
    closed_at: float | None = None
    sent: list[tuple[int, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.body if isinstance(self.body, dict) else {}

    @property
    def model(self) -> str:
        return str(self.fields.get("model", ""))


@dataclass
class Entry:
    script: Script
    model: str | None
    path: str | None
    repeat: bool

    def suits(self, request: Request) -> bool:
        model = self.model is None or self.model == request.model
        return model and (self.path is None or request.path.split("?")[0].endswith(self.path))


class Upstream:
    """Serves from `__enter__` to `__exit__`. All methods may be called from any thread."""

    def __init__(self, port: int = 0, default: Instructions | None = None) -> None:
        self.requests: list[Request] = []
        self.models: Any = {"object": "list", "data": MODELS}
        self._default = default
        self._entries: deque[Entry] = deque()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="upstream", daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def script(
        self, script: Script, model: str | None = None, path: str | None = None, *, repeat: bool = False
    ) -> None:
        """Adds an answer: for this model, for paths with this ending, or for any request."""
        with self._lock:
            self._entries.append(Entry(script, model, path, repeat))

    def drop_scripts(self) -> None:
        """Forgets the scripts that no request has used."""
        with self._lock:
            self._entries.clear()

    def wait_for_requests(self, count: int, timeout: float = 10) -> None:
        """Returns once so many requests have come in all. Raises TimeoutError if they have not."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} requests came, not {count}")

    def wait_for_close(self, request: Request, timeout: float = 10) -> bool:
        """True once the client has left too early; False if the answer ended or the time is over."""
        return request.over.wait(timeout) and request.closed_at is not None

    def sent_text(self, request: Request, choice: int = 0) -> str:
        """The answer's text as far as it was written for this request."""
        return "".join(text for number, text in list(request.sent) if number == choice)

    def __enter__(self) -> "Upstream":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port, backlog=2000)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (Ended, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        early = b""
        while True:
            request = await read_request(reader, early)
            request.peer = writer.get_extra_info("peername")[1]
            with self._lock:
                number = len(self.requests)
                self.requests.append(request)
                self._arrived.notify_all()
            wire = Wire(writer, request.fields, number)
            request.sent = wire.sent
            early = await self._play(self._choose(request), request, wire, reader)

    async def _play(
        self, script: Script, request: Request, wire: Wire, reader: asyncio.StreamReader
    ) -> bytes:
        """Plays while the client stays. Answers what it has sent of its next request by then."""
        leaving = asyncio.ensure_future(reader.read(1))
        playing = asyncio.ensure_future(_play_to_end(script, wire))
        try:
            await asyncio.wait({leaving, playing}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                await _left(leaving)
                request.closed_at = time.time()
                raise Ended
            playing.result()
            request.finished = True
        except ConnectionError:
            request.closed_at = time.time()
            raise
        finally:
            request.over.set()
            playing.cancel()
            if not request.finished:
                leaving.cancel()
                await asyncio.gather(playing, leaving, return_exceptions=True)
        return await leaving

    def _choose(self, request: Request) -> Script:
        with self._lock:
            suitable = [entry for entry in self._entries if entry.suits(request)]
            suitable.sort(key=lambda entry: (entry.model is None, entry.path is None))
            if suitable:
                if not suitable[0].repeat:
                    self._entries.remove(suitable[0])
                return suitable[0].script
        return self._usual(request)

    def _usual(self, request: Request) -> Script:
        url = urlsplit(request.path)
        if url.path.endswith("/sent"):
            return self._report(parse_qs(url.query))
        if url.path.endswith("/models"):
            return reply(200, self.models)
        if instructions := read_instructions(request.model, self._default):
            return instructions.script(request.fields)
        return mirror(request.fields)

    def _report(self, query: dict[str, list[str]]) -> Script:
        model = query.get("model", [""])[0]
        instructions = read_instructions(model, self._default)
        with self._lock:
            chosen = [request for request in self.requests if request.model == model]
        if "n" in query:
            number = int(query["n"][0])
            chosen = chosen[number : number + 1]
        rows = [
            {"sent": self.sent_text(r), "closed": r.closed_at is not None, "finished": r.finished}
            for r in chosen
        ]
        return reply(
            200, {"model": model, "text": instructions.text() if instructions else "", "requests": rows}
        )


async def read_request(reader: asyncio.StreamReader, early: bytes) -> Request:
    if early == b"":
        early = await reader.readexactly(1)
    head = early + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        body = None
    return Request(method, path, headers, raw, body, time.time())


def mirror(body: Mapping[str, Any]) -> Script:
    """The last user message, word by word."""
    texts = [_text(m.get("content")) for m in body.get("messages", []) if m.get("role") == "user"]
    text = texts[-1] if texts else str(body.get("prompt", ""))
    words = [word + " " for word in text.split(" ")]
    words[-1] = words[-1][:-1]
    choices = int(body.get("n") or 1)
    if not body.get("stream"):
        return whole_reply(body, text, choices, len(words))
    return Script([Head(), Tokens(words, choices=choices), Finish("stop", choices, len(words)), Done()])


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


async def _left(leaving: "asyncio.Future[bytes]") -> None:
    try:
        await leaving
    except ConnectionError:
        pass  # Leaving by a reset is leaving too.


async def _play_to_end(script: Script, wire: Wire) -> None:
    await script.play(wire)
    await wire.finish()

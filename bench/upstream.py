"""A provider that answers at an exact pace. `python -m bench.upstream` prints its base URL and serves until ended.

The model id says what: `stamped-150-50-200` is 150 tokens that carry their sending time, 50 a second, the first of
them after 200 ms; `words-...` is one paragraph of words, `prose-...` Markdown with headings, lists and code.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from bench.stamps import stamp

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
)
MODELS = json.dumps({"object": "list", "data": [{"id": "stamped-150-50", "object": "model"}]}).encode()
WORDS = (
    "the",
    "answer",
    "to",
    "a",
    "question",
    "is",
    "a",
    "text",
    "that",
    "comes",
    "in",
    "pieces",
    "of",
    "a",
    "word",
)
BREAKS = (
    "\n\n",
    "\n\n## A heading\n\n",
    "\n\n- one point\n- another\n\n",
    "\n\n```python\nprint('code', 1 + 1)\n```\n\n",
)
PARAGRAPH = 60


class Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.received = b""
        self.timer: asyncio.TimerHandle | None = None

    def connection_lost(self, error: Exception | None) -> None:
        if self.timer:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, rest = self.received.partition(b"\r\n\r\n")
        if found and len(rest) >= length_of(head):
            self.received = b""
            self.answer(head, rest)

    def answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            length = f"Content-Length: {len(MODELS)}\r\n\r\n".encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length + MODELS)
            return
        kind, *numbers = json.loads(body)["model"].split("-")
        count, pace, delay = (int(number) for number in [*numbers, "0"][:3])
        self.transport.write(HEAD)
        self.begin(TEXTS[kind](time.monotonic_ns()), count, pace, delay / 1000)

    def begin(self, text_of: Callable[[int], str], count: int, pace: int, delay: float) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time() + delay

        def say(number: int) -> None:
            self.write(chunk(text_of(number), None if number < count - 1 else "stop"))
            if number + 1 < count:
                self.timer = loop.call_at(start + (number + 1) / pace, say, number + 1)
            else:
                self.write(b"data: [DONE]\n\n")
                self.transport.write(b"0\r\n\r\n")

        self.timer = loop.call_at(start, say, 0)

    def write(self, data: bytes) -> None:
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))


def length_of(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


def chunk(text: str, finish: str | None) -> bytes:
    """About 190 bytes, as real providers send."""
    choice = {"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-bench-000001", "object": "chat.completion.chunk", "created": 1, "model": "bench"}
    return b"data: %b\n\n" % json.dumps({**head, "choices": [choice]}).encode()


def stamped(arrived: int) -> Callable[[int], str]:
    return lambda number: stamp(None if number else arrived)


def words(arrived: int) -> Callable[[int], str]:
    return lambda number: WORDS[number % len(WORDS)] + " "


def prose(arrived: int) -> Callable[[int], str]:
    def text_of(number: int) -> str:
        if number and number % PARAGRAPH == 0:
            return BREAKS[number // PARAGRAPH % len(BREAKS)]
        return words(arrived)(number)

    return text_of


TEXTS = {"stamped": stamped, "words": words, "prose": prose}


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=2000)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())

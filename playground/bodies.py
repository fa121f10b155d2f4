"""The most that a request may bring, whatever it says of its length. Longer things come in pieces (docs/protocol.md).

Django puts a body of any length into a file when no length is told, and daphne hands all of it over at once, in memory.
"""

from collections.abc import Awaitable, Callable
from typing import Any

MOST_BYTES = 16 * 1024 * 1024
# As templates/errors/_refusal.html has it: the page shows it where it shows what else was refused.
WORDS = (
    '<p class="refusal" role="alert">Not sent: this is too large. '
    f"A request can hold {MOST_BYTES // 1024 // 1024} MB.</p>"
).encode()
KIND = b"text/html; charset=utf-8"
ANSWER = (
    b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: %s\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (KIND, len(WORDS), WORDS)
)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class TooLarge(Exception):
    pass


def measured(scope: dict[str, Any], receive: Receive) -> Receive:
    """The same, until too much has come. Raises TooLarge, at once where the length is told."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if told.isdigit() and int(told[:20]) > MOST_BYTES:
        raise TooLarge
    come = 0

    async def next_piece() -> dict[str, Any]:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > MOST_BYTES:
            raise TooLarge
        return message

    return next_piece


async def refuse(send: Send) -> None:
    headers = [(b"content-type", KIND), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": WORDS})


def limit_daphne() -> None:
    """Daphne has no limit of its own, and no other place to say which requests it makes."""
    from daphne import http_protocol

    class Measured(http_protocol.WebRequest):
        come = 0

        @property
        def is_over(self) -> bool:
            return self.come > MOST_BYTES

        def gotLength(self, length: int | None) -> None:
            super().gotLength(length)
            if length is not None and length > MOST_BYTES:
                self.come = length
                self.refuse()

        def handleContentChunk(self, data: bytes) -> None:
            if self.is_over:
                return
            self.come += len(data)
            if self.is_over:
                self.refuse()
            else:
                super().handleContentChunk(data)

        def requestReceived(self, *given: Any) -> None:
            if not self.is_over:
                super().requestReceived(*given)

        def refuse(self) -> None:
            self.channel.transport.write(ANSWER)
            self.channel.transport.loseConnection()

    http_protocol.WebRequest = Measured

"""One answer on its way: framing, and a record of what was really written."""

import asyncio
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Ended(Exception):
    """The script ends the connection here."""


class Wire:
    def __init__(self, writer: asyncio.StreamWriter, body: Mapping[str, Any], number: int) -> None:
        self.writer = writer
        self.body = body
        self.sent: list[tuple[int, str]] = []
        self._number = number
        self._framing = ""

    async def start(self, status: int, headers: Mapping[str, str], framing: str) -> None:
        self._framing = framing
        lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"x-request-id: req-{self._number}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if framing == "chunked":
            lines.append("Transfer-Encoding: chunked")
        elif framing.startswith("length:"):
            lines.append(f"Content-Length: {framing.removeprefix('length:')}")
        else:
            lines.append("Connection: close")
        await self.write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def send(self, data: bytes) -> None:
        if data and self._framing == "chunked":
            data = b"%x\r\n%b\r\n" % (len(data), data)
        await self.write(data)

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def finish(self) -> None:
        """Ends the answer. Raises Ended if the connection must end with it."""
        if self._framing == "chunked":
            await self.write(b"0\r\n\r\n")
        elif not self._framing.startswith("length:"):
            raise Ended

    def chunk(self, delta: Mapping[str, Any], choice: int = 0, finish: str | None = None) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self._number}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": self.body.get("model", ""),
            "choices": [{"index": choice, "delta": dict(delta), "finish_reason": finish}],
        }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"

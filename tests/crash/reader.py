"""A program that speaks the page's socket and can fall asleep over it: what it does not ask for, it does not read."""

import json
import os
import socket
import struct
from types import TracebackType
from typing import Any
from uuid import UUID

from tests.servers import Server

TEXT, CLOSE = 1, 8


class Reader:
    """Watches one generation from its beginning. Only `read_to_the_end` takes anything from the socket."""

    def __init__(self, server: Server, generation: UUID) -> None:
        self.generation, self.have, self.text, self.status = str(generation), 0, "", ""
        self._address, self._origin = ("127.0.0.1", server.port), server.url

    def say(self, kind: str) -> None:
        send(
            self._socket,
            json.dumps({"type": kind, "generation": self.generation, "have": self.have}).encode(),
        )

    def read_to_the_end(self) -> str:
        while not self.status:
            kind, data = receive(self._stream)
            assert kind != CLOSE, data
            if kind == TEXT:
                self._take(json.loads(data))
        return self.text

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "stored":
            self.text, self.have = frame["answers"][0]["text"], frame["have"]
            self.status = "" if frame["status"] == "running" else frame["status"]
            return
        assert frame["type"] == "events"
        assert frame["from"] == self.have, "A frame came twice, or one is missing"
        self.have += len(frame["events"])
        self.text += "".join(event["text"] for event in frame["events"] if event["type"] == "text")
        if frame["events"][-1]["type"] == "end":
            self.status = frame["events"][-1]["status"]
        self.say("ack")

    def __enter__(self) -> "Reader":
        self._socket = socket.create_connection(self._address, timeout=30)
        self._stream = self._socket.makefile("rb")
        self._socket.sendall(
            f"GET /socket/ HTTP/1.1\r\nHost: 127.0.0.1:{self._address[1]}\r\nOrigin: {self._origin}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b" 101 " in self._stream.readline()
        while self._stream.readline() != b"\r\n":
            pass
        self.say("watch")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._socket.close()


def send(connection: socket.socket, data: bytes) -> None:
    """One text frame, masked as a client must. Short ones only."""
    assert len(data) < 65536
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    mask = os.urandom(4)
    connection.sendall(
        bytes([0x80 | TEXT]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data))
    )


def receive(stream: Any) -> tuple[int, bytes]:
    """The kind and the content of one frame. Servers here send no frame in parts."""
    first, size = exactly(stream, 2)
    assert first & 0x80, "A frame in parts"
    if size == 126:
        (size,) = struct.unpack(">H", exactly(stream, 2))
    elif size == 127:
        (size,) = struct.unpack(">Q", exactly(stream, 8))
    return first & 0x0F, exactly(stream, size)


def exactly(stream: Any, size: int) -> bytes:
    data: bytes = stream.read(size)
    assert len(data) == size, "The server closed the connection"
    return data

"""A way to Redis that can be closed: what a test needs to take Redis away from a server that is running."""

import asyncio
import contextlib
import os
from uuid import uuid4

import pytest
from redis import Redis

HOST, PORT, DATABASE = "127.0.0.1", 6379, 15


def redis_answers() -> bool:
    try:
        return bool(Redis(HOST, PORT, socket_connect_timeout=0.5, socket_timeout=0.5).ping())
    except Exception:  # whatever it is, there is no Redis to test with
        return False


def url_of(port: int = PORT) -> str:
    return f"redis://{HOST}:{port}/{DATABASE}"


def a_prefix() -> str:
    return f"playground-test-{os.getpid()}-{uuid4().hex}:"


def forget(prefix: str) -> None:
    with Redis(HOST, PORT, db=DATABASE) as redis:
        for key in redis.scan_iter(f"{prefix}*"):
            redis.delete(key)


needs_redis = pytest.mark.skipif(not redis_answers(), reason="no Redis answers at 127.0.0.1:6379")


class Gateway:
    """Forwards to Redis. `close` cuts what is open and refuses the rest; `swallow` takes the answers away."""

    def __init__(self) -> None:
        self.port = 0
        self.swallowed = 0
        self._swallow = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return url_of(self.port)

    async def open(self) -> "Gateway":
        self._swallow = False
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def swallow(self, *, then: bool = True) -> None:
        """Requests still get through. Their answers do not: the connection is cut instead."""
        self._swallow = then

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        there_reader, there_writer = await asyncio.open_connection(HOST, PORT)
        self._open |= {writer, there_writer}
        try:
            await asyncio.gather(
                self._carry(reader, there_writer), self._carry(there_reader, writer, back=True)
            )
        finally:
            self._open -= {writer, there_writer}

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool = False
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if back and self._swallow:
                    self.swallowed += 1
                    break
                writer.write(data)
                await writer.drain()
        writer.close()

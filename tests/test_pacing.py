"""A long answer waits for a reader that is slow: what has been asked for is not all in memory."""

import asyncio
from typing import Any

from playground.pacing import PacedServer


class Connection:
    """What daphne keeps of a request, as far as it is asked here."""

    channel: Any = object()
    producer: Any = None

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def handle_reply(self, message: dict[str, Any]) -> None:
        self.written.append(message.get("body", b""))


def serving(connection: Connection) -> PacedServer:
    server = PacedServer(application=None, endpoints=["tcp:0"])
    server.connections = {connection: {}}
    return server


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def test_the_next_piece_waits_until_there_is_room() -> None:
    async def act() -> None:
        connection = Connection()
        server = serving(connection)
        await server.handle_reply(connection, piece(b"one"))
        connection.producer.pauseProducing()
        waiting = asyncio.ensure_future(server.handle_reply(connection, piece(b"two")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert connection.written == [b"one", b"two"]
        assert not waiting.done()
        connection.producer.resumeProducing()
        await waiting
        await server.handle_reply(connection, piece(b"three", more=False))
        assert connection.written == [b"one", b"two", b"three"]
        assert connection.producer is None

    asyncio.run(act())


def test_who_leaves_keeps_nobody_waiting() -> None:
    async def act() -> None:
        connection = Connection()
        server = serving(connection)
        await server.handle_reply(connection, piece(b"one"))
        connection.producer.pauseProducing()
        waiting = asyncio.ensure_future(server.handle_reply(connection, piece(b"two")))
        await asyncio.sleep(0)
        connection.producer.stopProducing()
        await waiting

    asyncio.run(act())


def test_an_answer_in_one_piece_is_as_ever() -> None:
    async def act() -> None:
        connection = Connection()
        server = serving(connection)
        await server.handle_reply(connection, {"type": "http.response.start", "status": 200, "headers": []})
        await server.handle_reply(connection, piece(b"all", more=False))
        assert connection.written == [b"", b"all"]
        assert connection.producer is None

    asyncio.run(act())

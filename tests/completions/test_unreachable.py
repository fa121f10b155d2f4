"""Servers that are not there, or speak something else: told in words, and the key stays secret."""

import asyncio
import socket
import traceback

import pytest

from chat.completions import Limits, Retrying, TimedOut, Unreachable

from .asking import KEY, ask, run


def unused_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def ask_at(base_url: str, limits: Limits | None = None):
    class Nowhere:
        def __init__(self) -> None:
            self.base_url = base_url

        def drop_scripts(self) -> None: ...

    return ask(Nowhere(), limits=limits)  # type: ignore[arg-type]


def test_a_refused_connection_is_called_one():
    heard = ask_at(f"http://127.0.0.1:{unused_port()}/v1")
    assert isinstance(heard.error, Unreachable)
    assert "nothing accepts connections" in heard.error.message
    assert len(heard.of(Retrying)) == 2


def test_a_name_that_does_not_exist_is_called_one():
    heard = ask_at("http://no-such-host.invalid/v1")
    assert isinstance(heard.error, Unreachable)
    assert "no such name" in heard.error.message


async def ask_one_that_says(greeting: bytes, scheme: str):
    """Asks a server that says this to whatever it hears, and hangs up."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(greeting)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        return await asyncio.to_thread(ask_at, f"{scheme}://127.0.0.1:{port}/v1")
    finally:
        server.close()


def test_a_server_without_encryption_is_told_from_one_that_is_down():
    heard = run(ask_one_that_says(b"HTTP/1.1 400 Bad Request\r\n\r\n", "https"))
    assert isinstance(heard.error, Unreachable)
    assert "secure connection" in heard.error.message
    assert heard.slept == []


@pytest.mark.parametrize(
    "greeting",
    [
        b"SSH-2.0-OpenSSH_9.0\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=["ssh", "binary", "version", "length", "endless header"],
)
def test_a_server_that_speaks_no_http_is_told_and_the_key_stays_secret(greeting):
    heard = run(ask_one_that_says(greeting, "http"))
    assert isinstance(heard.error, Unreachable)
    assert "does not speak HTTP" in heard.error.message
    assert heard.slept == []
    assert heard.error.__cause__ is heard.error.__context__ is None
    assert KEY not in "".join(traceback.format_exception(heard.error))


def test_a_connection_that_is_never_accepted_times_out():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        heard = ask_at(f"http://127.0.0.1:{port}/v1", Limits(connect=0.1, retries=1))
        for client in waiting:
            client.close()
    assert isinstance(heard.error, TimedOut)
    assert heard.error.phase == "connect"
    assert len(heard.of(Retrying)) == 1

import asyncio
from typing import Any

import httpx
import pytest

from chat.demo import DemoTransport
from chat.demo.exchange import App, Receive, Scope, Send
from chat.demo.transport import CHUNKS_AHEAD

START = {"type": "http.response.start", "status": 200, "headers": [(b"x-demo", b"yes")]}


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def client_of(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=DemoTransport(app), base_url="http://demo.invalid")


def test_each_chunk_arrives_as_it_is_sent() -> None:
    async def story() -> None:
        go_on = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(START)
            await send(part(b"first"))
            await go_on.wait()
            await send(part(b"second", more=False))

        async with client_of(app) as client, client.stream("GET", "/") as response:
            chunks = response.aiter_raw()
            assert response.headers["x-demo"] == "yes"
            assert await anext(chunks) == b"first"
            go_on.set()
            assert await anext(chunks) == b"second"
            assert [chunk async for chunk in chunks] == []

    asyncio.run(story())


def test_closing_cancels_the_application() -> None:
    async def story() -> None:
        ended = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(START)
            try:
                while True:
                    await send(part(b"more"))
            finally:
                ended.set()

        async with client_of(app) as client, client.stream("GET", "/") as response:
            assert await anext(response.aiter_raw()) == b"more"
        assert ended.is_set()

    asyncio.run(story())


def test_an_application_that_is_cancelled_hears_of_the_disconnect() -> None:
    async def story() -> None:
        heard: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send(START)
            try:
                await asyncio.Event().wait()
            finally:
                heard.append((await receive())["type"])

        async with client_of(app) as client, client.stream("GET", "/"):
            pass
        assert heard == ["http.disconnect"]

    asyncio.run(story())


def test_cancelling_before_the_answer_cancels_the_application() -> None:
    async def story() -> None:
        started, ended = asyncio.Event(), asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        async with client_of(app) as client:
            asking = asyncio.create_task(client.get("/"))
            await started.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert ended.is_set()

    asyncio.run(story())


def test_a_slow_reader_holds_the_application_back() -> None:
    async def story() -> None:
        sent = 0

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal sent
            await send(START)
            while True:
                await send(part(b"more"))
                sent += 1

        async with client_of(app) as client, client.stream("GET", "/") as response:
            await anext(response.aiter_raw())
            for _ in range(100):
                await asyncio.sleep(0)
            assert sent <= CHUNKS_AHEAD + 1

    asyncio.run(story())


def test_the_request_arrives_whole() -> None:
    async def story() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            event = await receive()
            assert event["more_body"] is False
            await send(START)
            told = (
                f"{scope['method']} {scope['path']}?{scope['query_string'].decode()} {event['body'].decode()}"
            )
            await send(part(told.encode(), more=False))

        async with client_of(app) as client:
            response = await client.post("/a%20b", params={"q": "1"}, content=b"body")
        assert response.text == "POST /a b?q=1 body"

    asyncio.run(story())


@pytest.mark.parametrize("started", [False, True])
def test_an_error_of_the_application_reaches_the_caller(started: bool) -> None:
    async def story() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if started:
                await send(START)
            raise ZeroDivisionError

        async with client_of(app) as client:
            with pytest.raises(ZeroDivisionError):
                await client.get("/")

    asyncio.run(story())


def test_an_application_without_an_answer_is_a_protocol_error() -> None:
    async def story() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            return

        async with client_of(app) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/")

    asyncio.run(story())

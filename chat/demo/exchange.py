"""One HTTP request and its answer, over ASGI."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import orjson

from chat.demo.errors import ApiError

LARGEST_BODY = 20 * 1024 * 1024  # bytes

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


class Disconnected(Exception):
    """The client has gone, so nobody reads the answer."""


class Exchange:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._headers = dict(scope["headers"])
        self._receive = receive
        self._send = send

    async def read_json(self) -> dict[str, Any]:
        """The body, which must be a JSON object of at most LARGEST_BODY."""
        try:
            body = orjson.loads(await self._read_body())
        except orjson.JSONDecodeError as error:
            raise ApiError(f"The body is not valid JSON: {error}.", code="invalid_json") from None
        if not isinstance(body, dict):
            raise ApiError("The body must be a JSON object.", code="invalid_json")
        return body

    async def send_json(self, status: int, payload: Any, headers: Headers = ()) -> None:
        body = orjson.dumps(payload)
        length = (b"content-length", str(len(body)).encode())
        await self._start(status, b"application/json", [length, *headers])
        await self._send({"type": "http.response.body", "body": body})

    async def send_events(self, payloads: AsyncGenerator[Any]) -> None:
        """Server-sent events, each as soon as it is there, then `[DONE]`."""
        await self._start(200, b"text/event-stream; charset=utf-8", [(b"cache-control", b"no-cache")])
        async with aclosing(payloads):
            async for payload in payloads:
                await self._send_part(b"data: " + orjson.dumps(payload) + b"\n\n")
        await self._send_part(b"data: [DONE]\n\n")
        await self._send({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Callable[[], None]]:
        """Gives a function to call now and then: it raises Disconnected once the client has gone."""
        gone = asyncio.create_task(self._departure())

        def check() -> None:
            if gone.done():
                raise Disconnected

        try:
            yield check
        finally:
            gone.cancel()

    async def _departure(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _read_body(self) -> bytes:
        declared = self._headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > LARGEST_BODY:
            raise too_large()
        body = bytearray()
        more = True
        while more:
            event = await self._receive()
            if event["type"] == "http.disconnect":
                raise Disconnected
            body += event.get("body", b"")
            more = event.get("more_body", False)
            if len(body) > LARGEST_BODY:
                raise too_large()
        return bytes(body)

    async def _start(self, status: int, content_type: bytes, headers: Headers) -> None:
        listed = [(b"content-type", content_type), *headers]
        await self._send({"type": "http.response.start", "status": status, "headers": listed})

    async def _send_part(self, part: bytes) -> None:
        await self._send({"type": "http.response.body", "body": part, "more_body": True})


def too_large() -> ApiError:
    megabytes = LARGEST_BODY // 1024**2
    return ApiError(f"The body is over {megabytes} MB.", status=413, code="request_too_large")

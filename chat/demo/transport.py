"""An httpx transport that runs an ASGI application and streams. httpx's own collects the answer first."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

from chat.demo.exchange import App, Event, Scope

CHUNKS_AHEAD = 8  # how far the application may run ahead of its reader


class DemoTransport(httpx.AsyncBaseTransport):
    """Each chunk is handed over as it is sent. Closing the response cancels the application."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        run = Run(self._app, scope_of(request), await request.aread())
        try:
            start = await run.start()
        except BaseException:
            await run.aclose()
            raise
        return httpx.Response(start["status"], headers=start.get("headers", []), stream=run)


class Run(httpx.AsyncByteStream):
    """One call of the application, as the body of its answer."""

    def __init__(self, app: App, scope: Scope, body: bytes) -> None:
        self._body: bytes | None = body
        self._closed = asyncio.Event()
        # None after the last event, or the error that the application ended with.
        self._events: asyncio.Queue[Event | Exception | None] = asyncio.Queue(CHUNKS_AHEAD)
        self._task = asyncio.create_task(self._run(app, scope))

    async def start(self) -> Event:
        event = await self._next()
        if event is None:
            raise httpx.RemoteProtocolError("The application ended without an answer.")
        return event

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while event := await self._next():
            if body := event.get("body", b""):
                yield body

    async def aclose(self) -> None:
        """Disconnects: the application's `receive` says so, and its task is cancelled and awaited."""
        self._closed.set()
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self, app: App, scope: Scope) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:
            await self._events.put(error)
        else:
            await self._events.put(None)

    async def _next(self) -> Event | None:
        event = await self._events.get()
        if isinstance(event, Exception):
            raise event
        return event

    async def _receive(self) -> Event:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, event: Event) -> None:
        await self._events.put(event)


def scope_of(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }

"""The bare relay: a socket asks, the provider's text comes back on it. No database, no page, no account, no Markdown.

Channels, `httpx` over the aiohttp transport, `httpx-sse` and orjson: what the playground stands on, and nothing else.
`python -m bench.relay daphne|uvicorn PORT`.
"""

import asyncio
import os
import sys
from typing import Any

import httpx
import orjson
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from httpx_aiohttp import AiohttpTransport
from httpx_sse import EventSource

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], INSTALLED_APPS=["channels"], ROOT_URLCONF=__name__)

urlpatterns = [path("", lambda request: HttpResponse("ready"))]

URL = os.environ.get("BENCH_UPSTREAM", "") + "/chat/completions"
_client: httpx.AsyncClient | None = None


def client() -> httpx.AsyncClient:
    global _client
    if _client is None:
        limits = httpx.Limits(max_connections=1000, max_keepalive_connections=1000)
        _client = httpx.AsyncClient(transport=AiohttpTransport(limits=limits), timeout=None, trust_env=False)
    return _client


class Relay(AsyncWebsocketConsumer):  # type: ignore[misc]
    task: "asyncio.Task[None] | None" = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.task = asyncio.create_task(self.carry(orjson.loads(text_data or "")))

    async def disconnect(self, code: int) -> None:
        if self.task:
            self.task.cancel()

    async def carry(self, asked: dict[str, Any]) -> None:
        messages = [{"role": "user", "content": asked["message"]}]
        body = orjson.dumps({"model": asked["model"], "messages": messages, "stream": True})
        headers = {"Content-Type": "application/json"}
        async with client().stream("POST", URL, content=body, headers=headers) as response:
            async for event in EventSource(response).aiter_sse():
                if event.data == "[DONE]":
                    break
                text = orjson.loads(event.data)["choices"][0]["delta"].get("content")
                if text:
                    await self.send(orjson.dumps({"text": text}).decode())
        await self.send('{"end":true}')


def application() -> Any:
    import django
    from channels.routing import ProtocolTypeRouter, URLRouter
    from django.core.asgi import get_asgi_application

    django.setup()
    sockets = URLRouter([path("socket/", Relay.as_asgi())])
    return ProtocolTypeRouter({"http": get_asgi_application(), "websocket": sockets})


if __name__ == "__main__":
    from bench.serving import serve

    serve(application(), *sys.argv[1:])

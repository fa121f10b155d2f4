"""Django's handler on threads that stay, each with its connection to the database."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections

from playground.bodies import TooLarge, measured, refuse

# They share one processor core and one database that takes one writer at a time: more would only wait for one another.
THREADS = 6


class DatabaseThreads(ThreadPoolExecutor):
    """Each call gives back what it took of the database: the next one may come from another request."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        return super().submit(_call_and_clean, call, args, kwargs)


def _call_and_clean(call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    finally:
        close_old_connections()


class Handler(ASGIHandler):
    """Django gives each request a thread of its own, which starts, opens the database and ends with it.

    Here all requests share a few. A request's calls may so run in several threads; nothing of ours stays behind in a
    thread between two of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = DatabaseThreads(THREADS, thread_name_prefix="request")
        # The threads do it themselves, so that this is not one more trip to them.
        request_started.disconnect(close_old_connections)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async with ThreadSensitiveContext(executor=self._threads):
            try:
                await self.handle(scope, measured(scope, receive), send)
            except TooLarge:
                # Before anything of the request was looked at.
                await refuse(send)


def get_handler() -> Handler:
    import django

    django.setup(set_prefix=False)
    return Handler()

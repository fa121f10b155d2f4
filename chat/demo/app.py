"""The demo provider: an OpenAI-compatible API as a plain ASGI application."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from chat.demo import catalogue
from chat.demo.errors import ApiError
from chat.demo.exchange import App, Disconnected, Exchange, Receive, Scope, Send
from chat.demo.forms import ChatForm, CompletionForm, Form
from chat.demo.ngram import NgramModel, load_or_train
from chat.demo.performance import perform
from chat.demo.reading import read_chat, read_completion
from chat.demo.showcase import ShowcaseModel
from chat.demo.tally import Tally

NATURAL_PACE = 60.0  # tokens a second of each choice of a stream

Model = NgramModel | ShowcaseModel

logger = logging.getLogger(__name__)


def demo_app(cache_dir: Path | str, pace: float = NATURAL_PACE) -> App:
    """The provider. The n-gram model is trained at the first question, and kept in `cache_dir`.

    Streams run at `pace` tokens a second, or as fast as possible at 0.
    """
    return DemoApp(Path(cache_dir), pace)


class DemoApp:
    def __init__(self, cache_dir: Path, pace: float) -> None:
        self._cast = Cast(cache_dir)
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"The demo provider speaks HTTP, not {scope['type']}.")
        exchange = Exchange(scope, receive, send)
        try:
            await self._route(exchange)
        except ApiError as error:
            allow = [(b"allow", allowed(exchange.path).encode())] if error.status == 405 else []
            await exchange.send_json(error.status, error.body(), allow)
        except Disconnected:
            logger.debug("The client left %s before its answer was done.", exchange.path)

    async def _route(self, exchange: Exchange) -> None:
        method = allowed(exchange.path)
        if exchange.method != method:
            message = f"{exchange.path} takes {method}, not {exchange.method}."
            raise ApiError(message, status=405, code="method_not_allowed")
        if exchange.path == "/v1/chat/completions":
            await self._chat(exchange)
        elif exchange.path == "/v1/completions":
            await self._complete(exchange)
        elif exchange.path == "/v1/models":
            await exchange.send_json(200, catalogue.listing())
        else:
            await exchange.send_json(200, catalogue.find(exchange.path.removeprefix("/v1/models/")))

    async def _chat(self, exchange: Exchange) -> None:
        request = read_chat(await exchange.read_json())
        answer = await asyncio.to_thread(lambda: self._cast.member(request.wishes.model).chat(request))
        await self._answer(exchange, ChatForm(request.wishes, answer))

    async def _complete(self, exchange: Exchange) -> None:
        request = read_completion(await exchange.read_json())
        answer = await asyncio.to_thread(lambda: self._cast.member(request.wishes.model).complete(request))
        await self._answer(exchange, CompletionForm(request.wishes, answer))

    async def _answer(self, exchange: Exchange, form: Form) -> None:
        async with exchange.listening() as check:
            if form.wishes.stream:
                await exchange.send_events(chunks(form, self._pace, check))
            else:
                await exchange.send_json(200, await whole(form, check))


async def chunks(form: Form, pace: float, check: Callable[[], None]) -> AsyncGenerator[dict[str, Any]]:
    tallies = [Tally() for _ in form.answer.choices]
    for chunk in form.opening():
        yield chunk
    async with aclosing(perform(form.answer.choices, pace)) as steps:
        async for index, delta in steps:
            check()
            tallies[index].gather(delta)
            if delta.says_something():
                for chunk in form.chunks(index, delta):
                    yield chunk
    if form.wishes.include_usage:
        yield form.closing(tallies)


async def whole(form: Form, check: Callable[[], None]) -> dict[str, Any]:
    """At no pace: nobody watches an answer that comes in one piece."""
    tallies = [Tally() for _ in form.answer.choices]
    async with aclosing(perform(form.answer.choices, pace=0)) as steps:
        async for index, delta in steps:
            check()
            tallies[index].gather(delta)
    return form.whole(tallies)


def allowed(path: str) -> str:
    """The one method of this path. Raises ApiError for a path that does not exist."""
    if path in ("/v1/chat/completions", "/v1/completions"):
        return "POST"
    if path == "/v1/models" or path.startswith("/v1/models/"):
        return "GET"
    raise ApiError(f"There is nothing at {path[:200]}.", status=404, code="unknown_url")


class Cast:
    """The two models, made at the first question. Made once, however many ask at the same time."""

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir
        self._lock = threading.Lock()
        self._members: Mapping[str, Model] | None = None

    def member(self, name: str) -> Model:
        """Blocks while the n-gram model is loaded or trained: call it in a thread."""
        catalogue.find(name)
        with self._lock:
            if self._members is None:
                language = load_or_train(self._cache_dir)
                showcase = ShowcaseModel(language.tokenizer)
                self._members = {catalogue.NGRAM: NgramModel(language), catalogue.SHOWCASE: showcase}
            return self._members[name]

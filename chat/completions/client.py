"""Asks a provider, and yields what it answers as events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing

import httpx
from httpx_sse import ServerSentEvent

from .answer import Answer
from .catalogue import MOST_BYTES, list_models
from .endpoint import Endpoint
from .errors import CompletionError, NotAnApi, StreamInterrupted, TimedOut
from .events import Event, Retrying
from .exchange import exchange, opened, read_chunks, read_refusal
from .limits import Limits
from .masking import mask
from .model_rows import ListedModel
from .pools import Pools
from .recorder import Recorder
from .refusals import request_id_of
from .retries import wait_before_retry
from .watch import Watch
from .wire import read_messages

LINGER = 0.05


class Client:
    """One for the process; it belongs to the event loop that first uses it.

    `mounts` are transports that answer for a host name without a connection.
    """

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._pools = Pools(limits, mounts or {})
        self._sleep = sleep

    async def stream(
        self,
        endpoint: Endpoint,
        body: Mapping[str, object],
        path: str = "/chat/completions",
        held_back: Callable[[Event], object] = lambda event: None,
        recorder: Recorder | None = None,
    ) -> AsyncGenerator[Event, None]:
        """The events of one answer. Returns only if the answer is complete, else raises a CompletionError.

        What was yielded before an error is right. Closing the generator, or cancelling its reader, closes the
        connection; a reader that is cancelled gets the few characters that may have been the start of a tag by
        `held_back`. Attempts are repeated only while nothing has been said.
        """
        watch = Watch(self._limits, endpoint.host)
        recorder = recorder or Recorder()
        attempt = 1
        try:
            while True:
                answer = self._expect(endpoint, body, path)
                try:
                    async with aclosing(
                        self._attempt(endpoint, body, path, answer, watch, recorder)
                    ) as events:
                        async for event in events:
                            yield event
                    return
                except asyncio.CancelledError:
                    for event in answer.flush():
                        held_back(event)
                    raise
                except CompletionError as error:
                    failure = error
                    recorder.fail(error)
                wait = None if answer.begun else wait_before_retry(failure, attempt, self._limits)
                if wait is None:
                    raise failure
                recorder.give_up(failure)
                yield Retrying(attempt, wait, failure)
                attempt += 1
                await self._sleep(wait)
        finally:
            watch.stop()

    async def models(self, endpoint: Endpoint) -> list[ListedModel]:
        """The provider's catalogue. Raises WrongBase if it is found one step below the base URL."""
        return await list_models(self._fetch, endpoint)

    async def aclose(self) -> None:
        await self._pools.aclose()

    def _expect(self, endpoint: Endpoint, body: Mapping[str, object], path: str) -> Answer:
        logprobs = body.get("logprobs")
        return Answer(
            endpoint.host,
            endpoint.key,
            self._limits.answer_bytes,
            split_tags=path.endswith("/chat/completions"),
            wants_logprobs=logprobs is not None and logprobs is not False,
        )

    async def _attempt(
        self,
        endpoint: Endpoint,
        body: Mapping[str, object],
        path: str,
        answer: Answer,
        watch: Watch,
        recorder: Recorder,
    ) -> AsyncGenerator[Event, None]:
        """One request. On an error, first what the answer still held back.

        A connection that breaks or falls silent after a whole answer, without saying goodbye, is no error.
        """
        url = endpoint.base_url + path
        async with exchange(self._pools, endpoint, url, watch, body, recorder) as response:
            answered = opened(response, endpoint)
            recorder.open(answered)
            yield answered
            if response.status_code >= 300:
                raise await read_refusal(endpoint, response, watch, body)
            try:
                async with aclosing(self._messages(response, endpoint, watch)) as messages:
                    async for message in messages:
                        recorder.take(message.data, watch.heard)
                        for event in answer.take(message):
                            yield event
                        if answer.begun:
                            watch.end("first_token")
                        if answer.done:
                            break
                    for event in answer.end():
                        yield event
                    answer.check()
                    await drain(messages)
            except CompletionError as error:
                for event in answer.flush():
                    yield event
                if answer.is_whole and type(error) in (StreamInterrupted, TimedOut):
                    return
                error.said, error.body = mask(error.said, endpoint.key), mask(error.body, endpoint.key)
                error.request_id = error.request_id or request_id_of(response.headers)
                raise

    def _messages(
        self, response: httpx.Response, endpoint: Endpoint, watch: Watch
    ) -> AsyncGenerator[ServerSentEvent, None]:
        chunks = read_chunks(response, endpoint.host, watch)
        content_type = response.headers.get("content-type", "")
        return read_messages(chunks, content_type, self._limits.event_bytes)

    async def _fetch(self, endpoint: Endpoint, url: str) -> bytes:
        """GETs a document from the endpoint's own origin."""
        watch = Watch(self._limits, endpoint.host)
        try:
            async with exchange(self._pools, endpoint, url, watch) as response:
                if response.status_code >= 300:
                    raise await read_refusal(endpoint, response, watch, {})
                data = bytearray()
                async for chunk in read_chunks(response, endpoint.host, watch):
                    data += chunk
                    if len(data) > MOST_BYTES:
                        raise NotAnApi(
                            f"The list of models from {endpoint.host} is larger than {MOST_BYTES:,} bytes."
                        )
                return bytes(data)
        finally:
            watch.stop()


async def drain(messages: AsyncIterator[ServerSentEvent]) -> None:
    """Reads what follows a complete answer, if it comes at once: then the connection can be used again."""
    try:
        async with asyncio.timeout(LINGER):
            async for _ in messages:
                pass
    except (TimeoutError, CompletionError):
        pass

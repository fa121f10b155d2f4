"""One HTTP request and its response, in our clocks and our errors."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from .endpoint import Endpoint
from .errors import CompletionError
from .events import Opened
from .faults import FAULTS, cut_off, not_connected
from .masking import mask
from .pools import Pools
from .recorder import RECORDER, Recorder
from .refusals import refusal, request_id_of
from .request import encode_body
from .retries import read_retry_after
from .watch import Watch

PIECE = 64 * 1024
MOST_ERROR_BYTES = 64 * 1024
ERROR_SECONDS = 10.0
LONGEST_HEADER = 1000
HIDDEN_HEADERS = ("set-cookie", "set-cookie2")


@asynccontextmanager
async def exchange(
    pools: Pools,
    endpoint: Endpoint,
    url: str,
    watch: Watch,
    body: Mapping[str, object] | None = None,
    recorder: Recorder | None = None,
) -> AsyncIterator[httpx.Response]:
    """The response with its headers, whatever its status. Its connection is closed at the end."""
    async with pools.lend(endpoint) as client:
        response = await _send(client, endpoint, url, watch, body, recorder or Recorder())
        try:
            watch.listen()
            yield response
        finally:
            watch.listen(False)
            watch.end("first_token")
            await response.aclose()


async def read_chunks(response: httpx.Response, host: str, watch: Watch) -> AsyncIterator[bytes]:
    """The bytes of the body. Raises TimedOut, or StreamInterrupted if the connection breaks."""
    chunks = response.aiter_bytes()
    try:
        while chunk := await watch.wait_for(anext(chunks, b"")):
            yield chunk
        return
    except FAULTS as fault:
        error = cut_off(fault, host)
    raise error


async def read_refusal(
    endpoint: Endpoint, response: httpx.Response, watch: Watch, sent: Mapping[str, object]
) -> CompletionError:
    """The error of a response that is no success. Reads only the beginning of its body."""
    data = b""
    try:
        async with asyncio.timeout(ERROR_SECONDS):
            async for chunk in read_chunks(response, endpoint.host, watch):
                data += chunk
                if len(data) >= MOST_ERROR_BYTES:
                    break
    except (CompletionError, TimeoutError):
        pass  # The status says enough, and what came of the body is used.
    error = refusal(endpoint, response, data[:MOST_ERROR_BYTES], sent, read_retry_after(response.headers))
    error.body = mask(data[:MOST_ERROR_BYTES].decode(errors="replace"), endpoint.key)
    return error


def opened(response: httpx.Response, endpoint: Endpoint) -> Opened:
    headers = {
        name: mask(value, endpoint.key)[:LONGEST_HEADER]
        for name, value in response.headers.items()
        if name not in HIDDEN_HEADERS
    }
    return Opened(response.status_code, headers, request_id_of(headers))


async def _send(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    url: str,
    watch: Watch,
    body: Mapping[str, object] | None,
    recorder: Recorder,
) -> httpx.Response:
    data = b"" if body is None else encode_body(body)
    headers = _headers(endpoint, body)
    # Only a large body can be stuck in the middle; its pieces tell how far it is.
    content = _pieces(data, watch) if len(data) > PIECE else data
    if body is not None:
        headers["Content-Length"] = str(len(data))
    request = client.build_request("GET" if body is None else "POST", url, headers=headers, content=content)
    watch.start("first_token")
    recorder.begin(endpoint.key, request.headers)
    told = RECORDER.set(recorder)
    try:
        return await watch.wait_for(client.send(request, stream=True))
    except FAULTS as fault:
        error = not_connected(fault, endpoint.host, watch.timed_out("connect"))
    finally:
        RECORDER.reset(told)
        watch.end("write")
    raise error


async def _pieces(data: bytes, watch: Watch) -> AsyncIterator[bytes]:
    watch.start("write")
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]
    watch.end("write")


def _headers(endpoint: Endpoint, body: Mapping[str, object] | None) -> dict[str, str]:
    streams = body is not None and bool(body.get("stream"))
    headers = {"Accept": "text/event-stream" if streams else "application/json"}
    if streams:
        # A proxy that compresses a stream also holds it back.
        headers["Accept-Encoding"] = "identity"
    if body is not None:
        headers["Content-Type"] = "application/json"
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    return headers

"""The load: pages that send a message and read the answer, without a browser. One socket for each, as pages have."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import orjson

from bench.stamps import read_stamps

SECONDS_TO_ANSWER = 120
ACKNOWLEDGED_AFTER = 16 * 1024


@dataclass
class Heard:
    """What one stream was like. Times are nanoseconds; empty `sent` tells that it never began."""

    asked: int
    failure: str = ""
    # Of each token: when the provider sent it, when it was here.
    tokens: list[tuple[int, int]] = field(default_factory=list)
    arrived: int = 0

    def take(self, text: str) -> None:
        now = time.monotonic_ns()
        for sent, arrived in read_stamps(text):
            self.tokens.append((sent, now))
            self.arrived = arrived or self.arrived

    @property
    def added_first(self) -> float:
        """Milliseconds to the first token, without the provider's own."""
        sent, here = self.tokens[0]
        return (self.arrived - self.asked + here - sent) / 1e6

    @property
    def added_later(self) -> list[float]:
        return [(here - sent) / 1e6 for sent, here in self.tokens[1:]]


class RelayVisitor:
    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url

    async def open(self) -> None:
        self.socket = await self.connect()
        await self.ask("stamped-1-50")

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        return await self.http.ws_connect(f"{self.url}/socket/", headers={"Origin": self.url})

    async def ask(self, model: str) -> Heard:
        heard = Heard(time.monotonic_ns())
        await self.socket.send_str(say({"model": model, "message": "Hello"}))
        async for frame in self.socket:
            if frame.data == '{"end":true}':
                break
            heard.take(frame.data)
        return heard

    async def close(self) -> None:
        await self.socket.close()


@dataclass(frozen=True)
class Site:
    """What a visitor of the playground knows before it sends: where, its token, and the provider's id."""

    url: str
    token: str
    provider: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Origin": self.url,
            "Cookie": f"csrftoken={self.token}",
            "X-CSRFToken": self.token,
            "HX-Request": "true",
        }


class PlaygroundVisitor:
    """A page on one conversation: it posts the form of the page and acknowledges as `static/js/lib/socket.js` does."""

    def __init__(self, http: aiohttp.ClientSession, site: Site) -> None:
        self.http, self.site = http, site
        self.shown = ""

    async def open(self) -> None:
        """A first message, so that there is a conversation, and the page's socket, which follows it."""
        form = self.form("stamped-1-50")
        async with self.http.post(
            f"{self.site.url}/c/", data=form, headers=self.site.headers, allow_redirects=False
        ) as answer:
            self.address = answer.headers["Location"]
        page = await self.get(self.address)
        self.version = int(found(r'data-version="(\d+)"', page))
        self.socket = await self.connect()
        self.shown = articles(page)[-1]
        if generation := running(page):
            await self.listen(*generation, Heard(0))

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """The socket of a page that shows this conversation."""
        socket = await self.http.ws_connect(f"{self.site.url}/socket/", headers={"Origin": self.site.url})
        conversation = self.address.split("/")[-2]
        await socket.send_str(say({"type": "follow", "conversation": conversation, "version": self.version}))
        return socket

    async def ask(self, model: str) -> Heard:
        heard = Heard(time.monotonic_ns())
        url = f"{self.site.url}{self.address}messages/"
        async with self.http.post(url, data=self.form(model), headers=self.site.headers) as answer:
            page = await answer.text()
        generation = running(page)
        if answer.status != 200 or generation is None:
            heard.failure = f"{answer.status}: {page[:200]}"
            return heard
        self.shown = articles(page)[-1]
        # What was saved before the page was rendered stands in it already.
        heard.take(page)
        await self.listen(*generation, heard)
        return heard

    async def listen(self, generation: str, have: int, heard: Heard) -> None:
        await self.socket.send_str(say({"type": "watch", "generation": generation, "have": have}))
        unacknowledged = 0
        async for message in self.socket:
            frame = orjson.loads(message.data)
            if frame.get("generation") != generation:
                continue
            have = self.take(frame, heard, have)
            unacknowledged += len(message.data)
            if unacknowledged >= ACKNOWLEDGED_AFTER:
                unacknowledged = 0
                await self.socket.send_str(say({"type": "ack", "generation": generation, "have": have}))
            if frame["type"] != "events" or frame["events"][-1]["type"] == "end":
                break
        await self.socket.send_str(say({"type": "leave", "generation": generation}))

    def take(self, frame: dict[str, Any], heard: Heard, have: int) -> int:
        """Returns how many events there are now."""
        if frame["type"] != "events":
            heard.take("".join(answer["text"] for answer in frame.get("answers", [])))
            return int(frame.get("have", have))
        heard.take("".join(event["text"] for event in frame["events"] if event["type"] == "text"))
        return int(frame["from"]) + len(frame["events"])

    async def get(self, path: str) -> str:
        async with self.http.get(self.site.url + path, headers=self.site.headers) as answer:
            return await answer.text()

    def form(self, model: str) -> dict[str, str]:
        return {
            "command": str(uuid4()),
            "message": "Hello",
            "provider": self.site.provider,
            "model": model,
            "shown": self.shown,
        }

    async def close(self) -> None:
        await self.socket.close()


async def look_at(http: aiohttp.ClientSession, url: str, seconds: float = 15) -> Site:
    """The playground as it is once its provider is in the list of models."""
    async with http.get(f"{url}/") as answer:
        token = answer.cookies["csrftoken"].value
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        async with http.get(f"{url}/models/") as answer:
            options = await answer.text()
        if match := re.search(r'data-provider="([^"]+)" data-provider-name="OpenAI"', options):
            return Site(url, token, match[1])
        await asyncio.sleep(0.1)
    raise RuntimeError("The playground does not list the bench's provider")


def say(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()


def articles(page: str) -> list[str]:
    return re.findall(r'data-message="([^"]+)"', page)


def running(page: str) -> tuple[str, int] | None:
    """The generation that is running on this page, and how many of its events the page has."""
    match = re.findall(r'data-generation="([^"]+)"[^>]*data-have="(\d+)"', page)
    return (match[-1][0], int(match[-1][1])) if match else None


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match, f"No {pattern} in {page[:500]}"
    return match[1]

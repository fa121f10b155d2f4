"""What a browser shows in the end is what the upstream sent, to the letter, whatever happened in between.

Reloads, second tabs and cut sockets come at random points. EXACTNESS=200 runs as many generations as the product
promises; by itself it is a handful.
"""

import asyncio
import os
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright
from redis import Redis
from redis.exceptions import RedisError

from tests.browser.cutting import Wire
from tests.browser.restless import Restless, Tally, open_context
from tests.crash.site import Site, wait_for
from tests.servers import Server
from tests.upstream import Upstream, text_of

GENERATIONS = int(os.environ.get("EXACTNESS", 16))
VISITORS = 8
MESSAGES_IN_A_CONVERSATION = 4
REDIS = "redis://127.0.0.1:6379/9"

SEND = """([model, text]) => {
    document.querySelector("input[type=hidden][name=model]").value = model
    const message = document.querySelector("#message")
    message.value = text
    document.querySelector("#composer").requestSubmit()
}"""
ASKED = "count => document.querySelectorAll(\"article[aria-label='Assistant message']\").length === count"
OVER = """count => {
    const articles = document.querySelectorAll("article[aria-label='Assistant message']")
    return articles.length === count && articles[count - 1].dataset.status !== "running"
}"""
STATE = """() => [location.href, document.readyState, document.querySelector("[data-errors]").textContent,
    ...[...document.querySelectorAll("article")].map((article) => article.outerHTML.slice(0, 600))]"""
READ = """() => {
    const article = [...document.querySelectorAll("article[aria-label='Assistant message']")].at(-1)
    article.querySelector("[data-show-raw]").click()
    const text = article.querySelector("[data-part=raw]").textContent
    article.querySelector("[data-show-raw]").click()
    return text
}"""


@dataclass
class Talker(Restless):
    """Asks one question after another, in one chat after another."""

    count: int = 0
    state = STATE

    async def ask(self, page: Page, seed: int) -> None:
        tokens, speed = self.chance.randint(40, 200), self.chance.choice([100, 200, 400])
        model = f"tokens-{tokens}-speed-{speed}-seed-{seed}"
        if self.count == 0:
            await page.goto(self.wire.url)
        self.count += 1
        await page.evaluate(SEND, [model, f"Question {seed}"])
        # Who reloads before a message is out has it in the composer still. Here it is to be sent.
        await self.wait(page, ASKED, self.count, "A message never got out")
        tabs = await self.fidget(page, most=3, pause=tokens / speed / 2)
        said = text_of(seed, tokens)
        for where, tab in [("first tab", page), *(("other tab", tab) for tab in tabs)]:
            self.tally.judge(model, said, await self.read(tab), where)
        for tab in tabs:
            await tab.close()
        self.tally.right += 1
        self.count %= MESSAGES_IN_A_CONVERSATION

    async def read(self, page: Page) -> str:
        await self.wait(page, OVER, self.count, "An answer never ended")
        return str(await page.evaluate(READ))


async def play(server: Server, other: Server, tally: Tally, seeds: list[int]) -> int:
    """All visitors at once. Returns how often a socket was cut."""
    async with async_playwright() as playwright, Wire(server.port) as wire, Wire(other.port) as second:
        context = await open_context(playwright)
        await asyncio.gather(
            *(visit(context, wire, second.url, tally, seeds[n::VISITORS]) for n in range(VISITORS))
        )
        await context.close()
        return wire.cuts + second.cuts


async def visit(context: BrowserContext, wire: Wire, elsewhere: str, tally: Tally, seeds: list[int]) -> None:
    if seeds:
        talker = Talker(context, wire, elsewhere, tally, random.Random(seeds[0]))
        page = await context.new_page()
        page.set_default_timeout(30_000)
        for seed in seeds:
            await talker.ask(page, seed)
        await page.close()


def play_and_judge(server: Server, upstream: Upstream, name: str, other: Server | None = None) -> None:
    with Site(server) as site:
        wait_for(lambda: site.knows("mirror"))
    before, tally = len(upstream.requests), Tally()
    seeds = [random.Random(name).randrange(10**6) + n for n in range(GENERATIONS)]
    cuts = asyncio.run(play(server, other or server, tally, seeds))
    calls = [r for r in upstream.requests[before:] if r.method == "POST"]
    print(  # noqa: T201
        f"{name}: {tally.right} generations, {tally.reloads} reloads, {tally.tabs} second tabs, {cuts} cut sockets, "
        f"{len(tally.wrong)} wrong"
    )
    assert not tally.wrong
    assert tally.right == len(calls) == GENERATIONS


def test_every_letter_arrives(start_server: Callable[..., Server], upstream: Upstream) -> None:
    play_and_judge(start_server(), upstream, "plain")


def test_every_letter_arrives_with_half_of_all_doorbells_lost(
    start_server: Callable[..., Server], upstream: Upstream
) -> None:
    play_and_judge(start_server(settings="tests.faults"), upstream, "half of all doorbells")


def test_every_letter_arrives_between_two_processes_whose_channel_layer_holds_one_message(
    start_server: Callable[..., Server], upstream: Upstream
) -> None:
    try:
        Redis.from_url(REDIS).ping()
    except RedisError:
        pytest.skip("No Redis answers on 127.0.0.1:6379")
    environment = {
        "OPENAI_BASE_URL": upstream.base_url,
        "OPENAI_API_KEY": str(uuid.uuid4()),
        "REDIS_URL": REDIS,
    }
    server = start_server(environment, settings="tests.faults")
    other = Server(server.folder, environment, settings="tests.faults")
    with other:
        play_and_judge(server, upstream, "two processes, capacity 1", other)

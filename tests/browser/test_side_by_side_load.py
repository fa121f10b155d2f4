"""Many panes at once: what stands in each is what the upstream sent to it, to the letter, whatever happened meanwhile.

Reloads, second tabs and cut sockets come at random points. EXACTNESS=200 runs that many generations; by itself it is a
handful.
"""

import asyncio
import os
import random
from collections.abc import Callable

from playwright.async_api import Page, async_playwright

from tests.browser.cutting import Wire
from tests.browser.restless import Restless, Tally, open_context
from tests.crash.site import Site, wait_for
from tests.servers import Server
from tests.upstream import Upstream, text_of

PANES = 6
TURNS = 2
VISITORS = 2
COMPARISONS = max(VISITORS, int(os.environ.get("EXACTNESS", 0)) // (PANES * TURNS))
MOST = 16
TYPED = "What is typed meanwhile stands there, letter by letter."

SEND = """([models, text]) => {
    const fields = document.querySelectorAll("[data-pane] [data-field=model]")
    fields.forEach((field, number) => (field.value = models[number]))
    document.querySelector("#message").value = text
    document.querySelector("#composer").requestSubmit()
}"""
ANSWERS = "article[aria-label='Assistant message']"
ASKED = f"""turns => [...document.querySelectorAll("[data-pane]")].every((pane) =>
    pane.querySelectorAll("{ANSWERS}").length >= turns)"""
OVER = f"""turns => [...document.querySelectorAll("[data-pane]")].every((pane) => {{
    const answers = [...pane.querySelectorAll("{ANSWERS}")]
    return answers.length >= turns && answers.every(({{ dataset }}) => dataset.status !== "running")
}})"""
STATE = """() => [location.href, document.readyState, document.querySelector("#comparison-errors").textContent,
    ...[...document.querySelectorAll("[data-pane] article")].map((article) => article.outerHTML.slice(0, 300))]"""
# Pane by pane, in order: the exact texts of what was asked and of what was answered.
READ = """() => [...document.querySelectorAll("[data-pane]")].map((pane) =>
    [...pane.querySelectorAll("article")].map((article) => {
        const show = article.querySelector("[data-show-raw]")
        show.click()
        const text = article.querySelector("[data-part=raw]").textContent
        show.click()
        return text
    }))"""


class Comparer(Restless):
    """Asks all panes at once, turn by turn."""

    state = STATE

    async def compare(self, path: str) -> None:
        page = await self.context.new_page()
        page.set_default_timeout(30_000)
        await page.goto(self.wire.url + path)
        said: list[list[str]] = [[] for _ in range(PANES)]
        for turn in range(1, TURNS + 1):
            await self.ask(page, turn, said)
        await page.close()

    async def ask(self, page: Page, turn: int, said: list[list[str]]) -> None:
        models, question = [], f"Question {turn} of {self.chance.random()}"
        for texts in said:
            tokens, speed = self.chance.randint(40, 200), self.chance.choice([50, 100, 200])
            seed = self.chance.randrange(10**6)
            models.append(f"tokens-{tokens}-speed-{speed}-seed-{seed}")
            texts += [question, text_of(seed, tokens)]
        await page.evaluate(SEND, [models, question])
        # Who reloads before a message is out has it in the composer still. Here it is to be sent.
        await self.wait(page, ASKED, turn, "A message never got out")
        tabs = await self.fidget(page, most=4, pause=1)
        for where, tab in [("first tab", page), *(("other tab", tab) for tab in tabs)]:
            await self.wait(tab, OVER, turn, "An answer never ended")
            heard = await tab.evaluate(READ)
            for number, (ours, theirs) in enumerate(zip(said, heard, strict=True)):
                assert len(ours) == len(theirs), (
                    f"Pane {number + 1} in the {where} has {len(theirs)} messages"
                )
                for one, other in zip(ours, theirs, strict=True):
                    self.tally.judge(models[number], one, other, f"{where}, pane {number + 1}")
        for tab in tabs:
            await tab.close()
        self.tally.right += PANES


async def play(server: Server, tally: Tally, paths: list[str]) -> int:
    """A few visitors at once. Returns how often a socket was cut."""

    async def visit(numbers: range) -> None:
        for number in numbers:
            chance = random.Random(number)
            await Comparer(context, wire, wire.url, tally, chance).compare(paths[number])

    async with async_playwright() as playwright, Wire(server.port) as wire:
        context = await open_context(playwright)
        await asyncio.gather(*(visit(range(n, len(paths), VISITORS)) for n in range(VISITORS)))
        await context.close()
        return wire.cuts


def test_every_letter_arrives_in_its_pane(start_server: Callable[..., Server], upstream: Upstream) -> None:
    server, tally = start_server(), Tally()
    with Site(server) as site:
        wait_for(lambda: site.knows("mirror"))
        paths = [site.compares(PANES) for _ in range(COMPARISONS)]
    before = len(upstream.requests)
    cuts = asyncio.run(play(server, tally, paths))
    calls = [request for request in upstream.requests[before:] if request.method == "POST"]
    print(  # noqa: T201
        f"{PANES} panes: {tally.right} generations, {tally.reloads} reloads, {tally.tabs} second tabs, {cuts} cut "
        f"sockets, {len(tally.wrong)} wrong"
    )
    assert not tally.wrong
    assert tally.right == len(calls) == COMPARISONS * PANES * TURNS


def test_sixteen_panes_at_a_hundred_tokens_a_second_are_exact(
    start_server: Callable[..., Server], upstream: Upstream
) -> None:
    async def ask(path: str, models: list[str]) -> tuple[list[list[str]], str]:
        async with async_playwright() as playwright:
            context = await open_context(playwright)
            page = await context.new_page()
            await page.goto(server.url + path)
            await page.evaluate(SEND, [models, "All at once"])
            await page.wait_for_function(ASKED, arg=1, timeout=30_000)
            await page.get_by_role("textbox", name="Message", exact=True).press_sequentially(TYPED, delay=20)
            await page.wait_for_function(OVER, arg=1, timeout=90_000)
            return await page.evaluate(READ), await page.input_value("#message")

    server = start_server()
    with Site(server) as site:
        wait_for(lambda: site.knows("mirror"))
        path = site.compares(MOST)
    models = [f"tokens-600-speed-100-seed-{seed}" for seed in range(MOST)]
    heard, typed = asyncio.run(ask(path, models))
    assert typed == TYPED
    assert [len(texts) for texts in heard] == [2] * MOST
    for seed, (_, answer) in enumerate(heard):
        assert answer == text_of(seed, 600), f"Pane {seed + 1}"

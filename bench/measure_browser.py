"""Rows about the page in Chromium: its weight, its first letter, and what an answer costs the main thread."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, Page

from bench import cores, servers
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running
from tests.browser.chromium import open_chromium

KIB = 1024
PACE = 50
LONG_PACE = 200
SHORT_ANSWER = 500
SECONDS_TO_SETTLE = 1.0
# Says, in the page, when a letter first stood in the message box. Milliseconds since the navigation began.
WATCH_TYPING = """addEventListener("input", ({ target }) => {
  if (target.id === "message") window.typedAt ??= performance.now()
}, true)"""


@contextmanager
def sites(places: Places) -> Iterator[tuple[Running, Running, Browser]]:
    """Ours, the bare page, and a browser on the other core."""
    with servers.upstream() as upstream:
        ours = servers.playground("daphne", places.new(), upstream)
        bare = servers.bare_page("daphne", upstream, places.new())
        with ours, bare, cores.on(cores.LOAD), open_chromium() as browser:
            yield ours, bare, browser


def measure_page(options: Options, places: Places) -> Iterator[Figure]:
    with sites(places) as (ours, bare, browser):
        mine, theirs = weight(browser, ours.url), weight(browser, bare.url)
    yield Figure("First page on the wire", "KiB", [mine["all"]], [theirs["all"]], goal=5)
    yield Figure("JavaScript of the first page, gzip", "KiB", [mine["Script"]], [theirs["Script"]], goal=4)
    yield Figure(
        "Requests of the first page", "", [mine["requests"]], [theirs["requests"]], met=mine["requests"] <= 12
    )


def measure_typing(options: Options, places: Places) -> Iterator[Figure]:
    with sites(places) as (ours, bare, browser):
        pairs = [
            (typed_at(browser, bare.url), typed_at(browser, ours.url)) for _ in range(options.repeats + 2)
        ]
    title = "Time until a typed letter stands in the composer, first visit"
    yield Figure(title, "ms", [mine for _, mine in pairs], [theirs for theirs, _ in pairs], goal=2)


def measure_answer(options: Options, places: Places) -> Iterator[Figure]:
    mine, theirs = [], []
    with sites(places) as (ours, bare, browser):
        for _ in range(options.repeats):
            theirs.append(busy(browser, bare.url, ask_bare, f"words-{SHORT_ANSWER}-{PACE}"))
            mine.append(busy(browser, ours.url, ask_ours, f"words-{SHORT_ANSWER}-{PACE}"))
    yield Figure("Main thread, an answer of 500 tokens at 50 a second", "s", mine, theirs, goal=2)


def measure_growth(options: Options, places: Places) -> Iterator[Figure]:
    """Ours against ours: the same kind of answer, once short and once long, at one pace."""
    short: list[float] = []
    long: list[float] = []
    with sites(places) as (ours, _, browser):
        for _ in range(options.repeats):
            for count, times in ((SHORT_ANSWER, short), (options.long_answer, long)):
                seconds = busy(browser, ours.url, ask_ours, f"prose-{count}-{LONG_PACE}")
                times.append(seconds / count * 1000)
    title = f"Main thread for a token of {options.long_answer:,} against one of {SHORT_ANSWER}"
    yield Figure(title, "ms", long, short, goal=1.3, note="ours against ours, Markdown at 200 a second")


def weight(browser: Browser, url: str) -> dict[str, float]:
    """KiB that came over the wire, in all and by kind, and the number of requests."""
    with visit(browser) as (page, cdp):
        kinds: dict[str, str] = {}
        sums = {"all": 0.0, "Script": 0.0, "requests": 0.0}

        def finished(event: dict[str, Any]) -> None:
            if event["requestId"] in kinds:
                sums["requests"] += 1
                for kind in ("all", kinds[event["requestId"]]):
                    sums[kind] = sums.get(kind, 0) + event["encodedDataLength"] / KIB

        def received(event: dict[str, Any]) -> None:
            if event["response"]["url"].startswith("http"):
                kinds[event["requestId"]] = event["type"]

        cdp.on("Network.responseReceived", received)
        cdp.on("Network.loadingFinished", finished)
        cdp.send("Network.enable")
        page.goto(url, wait_until="networkidle")
        return sums


def typed_at(browser: Browser, url: str) -> float:
    """Milliseconds from the start of the navigation until a letter, typed again and again, stands and stays."""
    with visit(browser) as (page, _):
        page.add_init_script(WATCH_TYPING)
        page.goto(url, wait_until="commit")
        until = time.monotonic() + 20
        while time.monotonic() < until:
            page.keyboard.press("x")
            if at := evaluate(page, "window.typedAt"):
                page.wait_for_load_state("networkidle")
                assert page.input_value("#message"), "What was typed is gone"
                return float(at)
        raise RuntimeError(f"Nothing can be typed at {url}")


def evaluate(page: Page, expression: str) -> Any:
    try:
        return page.evaluate(expression)
    except Error:
        return None  # the document was just replaced


def busy(browser: Browser, url: str, ask: Callable[[Page, str], None], model: str) -> float:
    """Seconds that the main thread worked, from before the question is typed until the answer has settled."""
    with visit(browser) as (page, cdp):
        page.goto(url, wait_until="networkidle")
        cdp.send("Performance.enable")
        before = task_seconds(cdp)
        ask(page, model)
        page.wait_for_timeout(SECONDS_TO_SETTLE * 1000)
        return task_seconds(cdp) - before


def ask_ours(page: Page, model: str) -> None:
    options = page.request.get(page.url.rstrip("/") + "/models/").text()
    match = re.search(r'data-provider="([^"]+)" data-provider-name="OpenAI"', options)
    assert match
    page.evaluate(
        "([provider, model]) => { for (const [name, value] of Object.entries({ provider, model }))"
        " document.querySelector(`.model-picker [name=${name}]`).value = value }",
        [match[1], model],
    )
    page.get_by_role("textbox", name="Message").fill("Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector(
        'article[data-status="finished"] .facts:not(:empty)', timeout=seconds_for(model) * 1000
    )


def ask_bare(page: Page, model: str) -> None:
    page.evaluate("(model) => (document.querySelector('form').dataset.model = model)", model)
    page.locator("#message").fill("Hello")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-done]", timeout=seconds_for(model) * 1000)


def seconds_for(model: str) -> float:
    _, count, pace = model.split("-")
    return 30 + 1.5 * int(count) / int(pace)


def task_seconds(cdp: CDPSession) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


@contextmanager
def visit(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A first visit: nothing is cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    try:
        yield page, context.new_cdp_session(page)
    finally:
        context.close()

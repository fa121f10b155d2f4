"""A conversation of 2,000 messages against one of 20: opened, gone through, and sent into."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
from playwright.sync_api import Browser, Page

from bench import cores, servers
from bench.figures import Figure
from bench.measure_panes import WATCH_TASKS
from bench.measure_picker import WATCH_KEYS, wait_for_models
from bench.options import Options
from bench.servers import Places, Running
from tests.browser.chromium import open_chromium
from tests.browser.long_talk import FILL
from tests.servers import ROOT
from tests.upstream import Upstream

SHORT, LONG = 20, 2_000
DRAWN_MS = 300
KEY_MS = 50
MOST_IN_THE_PAGE = 250
SCROLLS = 40
TYPED = "Typed while one goes through it."
# From the click to the frame in which a message stands, told by the page that was left.
CLICK = """(path) => {
  sessionStorage.clicked = performance.timeOrigin + performance.now()
  document.querySelector(`a[href="${path}"]`).click()
}"""
DRAWN = """() => new Promise((done) => {
  const look = () => {
    if (!document.querySelector("article [data-part=text]")) return requestAnimationFrame(look)
    const [paint] = performance.getEntriesByName("first-contentful-paint")
    if (!paint) return requestAnimationFrame(look)
    done(performance.timeOrigin + paint.startTime - Number(sessionStorage.clicked))
  }
  look()
})"""
FIRST_TOKEN = """() => new Promise((done) => {
  const began = performance.now()
  const list = document.querySelector("[data-messages]")
  const count = list.querySelectorAll("article").length
  new MutationObserver((_, observer) => {
    const answer = [...list.querySelectorAll("article.message--assistant")].at(-1)
    if (list.querySelectorAll("article").length < count + 2 || !answer.textContent.includes("quick")) return
    observer.disconnect()
    done(performance.now() - began)
  }).observe(list, { childList: true, subtree: true, characterData: true })
  document.querySelector("#composer").requestSubmit()
})"""


def measure_long(options: Options, places: Places) -> Iterator[Figure]:
    with (
        Upstream() as upstream,
        # As for anybody: a browser has all cores of its machine.
        cores.on(cores.ALL),
        open_chromium() as browser,
        servers.playground("daphne", places.new(), upstream.base_url) as ours,
        cores.on(cores.LOAD),
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        wait_for_models(page, ours, 1)
        page.close()
        short, long = (filled(ours, length) for length in (SHORT, LONG))
        yield served(ours, short, long, options)
        yield from drawn(browser, ours, short, long, options)
        yield from gone_through(browser, ours, long)
        yield sent(browser, ours, short, long, options)


def filled(ours: Running, length: int) -> str:
    """The path of a conversation of so many messages."""
    fill = FILL.format(title=f"Of {length}", length=length, place=0)
    command = [sys.executable, "manage.py", "shell", "-c", fill]
    done = subprocess.run(command, cwd=ROOT, env=ours.environment, check=True, capture_output=True, text=True)
    return f"/c/{done.stdout.splitlines()[-1].split()[1]}/"


def served(ours: Running, short: str, long: str, options: Options) -> Figure:
    times: dict[str, list[float]] = {short: [], long: []}
    with httpx.Client(base_url=ours.url, timeout=30, trust_env=False) as client:
        for _ in range(options.few):
            for path, found in times.items():
                began = time.perf_counter()
                client.get(path).raise_for_status()
                found.append((time.perf_counter() - began) * 1000)
    title = f"Opening {LONG:,} messages against {SHORT}, the server"
    return Figure(title, "ms", times[long], times[short], goal=1.5)


def drawn(browser: Browser, ours: Running, short: str, long: str, options: Options) -> Iterator[Figure]:
    times: dict[str, list[float]] = {short: [], long: []}
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    for _ in range(options.few):
        for path, found in times.items():
            page.goto(ours.url, wait_until="networkidle")
            with page.expect_navigation():
                page.evaluate(CLICK, path)
            found.append(page.evaluate(DRAWN))
    page.close()
    click = f"Opening {LONG:,} messages against {SHORT}, from the click to the first of them"
    yield Figure(click, "ms", times[long], times[short], goal=1.3)
    at_95 = statistics.quantiles(times[long], n=20)[-1]
    title = f"Of {LONG:,} messages the first stand there, p95"
    yield Figure(title, "ms", [at_95], met=at_95 <= DRAWN_MS)


def gone_through(browser: Browser, ours: Running, path: str) -> Iterator[Figure]:
    """Upwards by three screens at a time, with a key after each."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    for script in (WATCH_KEYS, WATCH_TASKS):
        page.add_init_script(script)
    page.goto(f"{ours.url}{path}", wait_until="networkidle")
    page.evaluate("window.tasks = []")
    most = 0
    for number in range(SCROLLS):
        page.get_by_role("log").evaluate("log => (log.scrollTop -= 2700)")
        page.get_by_label("Message", exact=True).press_sequentially(TYPED[number % len(TYPED)])
        most = max(most, page.locator("article").count())
    keys, tasks = page.evaluate("[window.painted, window.tasks]")
    page.close()
    yield Figure(f"Going up through {LONG:,} messages, the slowest key", "ms", keys, met=max(keys) <= KEY_MS)
    yield Figure(f"Going up through {LONG:,} messages, long tasks", "ms", tasks, note="over 50 ms each")
    yield Figure("Messages in the page meanwhile", "", [most], met=most <= MOST_IN_THE_PAGE)


def sent(browser: Browser, ours: Running, short: str, long: str, options: Options) -> Figure:
    """With a model that answers at once, so that what is left is ours."""
    times: dict[str, list[float]] = {short: [], long: []}
    for _ in range(options.few):
        for path, found in times.items():
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{ours.url}{path}", wait_until="networkidle")
            found.append(first_token(page))
            page.close()
    title = f"The first token of what is sent into {LONG:,} messages against {SHORT}"
    return Figure(title, "ms", times[long], times[short], goal=2)


def first_token(page: Page) -> float:
    page.get_by_label("Message", exact=True).fill("As quick as it can be")
    return float(page.evaluate(FIRST_TOKEN))

"""Rows about the model picker in Chromium: from a key to the next frame that shows what it did."""

import random
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from bench import cores, servers
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running
from tests.browser.chromium import open_chromium
from tests.upstream import Upstream

TWO_FRAMES_MS = 1000 / 60 * 2
COUNTS = (300, 1000)
OPENINGS = 5
TYPED = "turbo-1"
# Milliseconds from each key until the frame after it has been painted.
WATCH_KEYS = """addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => (window.painted ??= []).push(performance.now() - timeStamp)
  port2.postMessage(0)
}), true)"""


def measure_picker(options: Options, places: Places) -> Iterator[Figure]:
    for count in COUNTS:
        with Upstream() as upstream, open_chromium() as browser:
            upstream.models = {"data": [row(number) for number in range(count)]}
            with servers.playground("daphne", places.new(), upstream.base_url) as ours, cores.on(cores.LOAD):
                yield from picker_figures(browser, ours, count, options)


def row(number: int) -> dict[str, object]:
    """As rich as a row can be."""
    chance = random.Random(number)
    kind = chance.choice(("Instruct-Turbo", "Flash", "Large"))
    return {
        "id": f"maker-{number % 20}/Model-{kind}-{number}",
        "context_length": 131072,
        "pricing": {"input": chance.random(), "output": chance.random() * 4},
        "architecture": {"input_modalities": ["text", "image"]},
        "supported_parameters": ["tools", "response_format", "reasoning"],
    }


def picker_figures(browser: Browser, ours: Running, count: int, options: Options) -> Iterator[Figure]:
    opened: list[float] = []
    filtered: list[float] = []
    for _ in range(options.repeats):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH_KEYS)
        wait_for_models(page, ours, count)
        opened += opening(page)
        filtered += filtering(page)
        page.close()
    yield figure(f"Opening the picker with {count:,} models, its list there", opened)
    yield figure(f"Filtering {count:,} models, a key", filtered)


def wait_for_models(page: Page, ours: Running, count: int) -> None:
    until = time.monotonic() + 30
    while page.request.get(f"{ours.url}/models/").text().count('role="option"') < count:
        if time.monotonic() > until:
            raise RuntimeError("The list of models did not come")
        time.sleep(0.1)
    page.goto(ours.url, wait_until="networkidle")


def opening(page: Page) -> list[float]:
    """By the arrow key, a few times, once the list was fetched: that begins as soon as the field has the focus."""
    page.get_by_role("combobox", name="Model").focus()
    page.wait_for_function("() => document.querySelectorAll('[role=listbox] [role=option]').length > 1")
    page.wait_for_load_state("networkidle")
    return [time for _ in range(OPENINGS) for time in frames(page, ["ArrowDown", "Escape"])[::2]]


def filtering(page: Page) -> list[float]:
    """Letter by letter, and back again."""
    page.get_by_role("combobox", name="Model").click()
    return frames(page, [*TYPED, *["Backspace"] * len(TYPED)])


def frames(page: Page, keys: list[str]) -> list[float]:
    page.evaluate("window.painted = []")
    for number, key in enumerate(keys, start=1):
        page.keyboard.press(key)
        page.wait_for_function("count => window.painted.length >= count", arg=number)
    return [float(frame) for frame in page.evaluate("window.painted")]


def figure(title: str, times: list[float]) -> Figure:
    middle = sorted(times)[len(times) // 2]
    return Figure(
        title, "ms", times, met=middle <= TWO_FRAMES_MS, note="to the frame after the key; two are 33 ms"
    )

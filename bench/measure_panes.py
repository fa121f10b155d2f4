"""Rows about a comparison in Chromium: sixteen panes that stream at once, while somebody types."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from bench import cores, servers
from bench.figures import Figure
from bench.measure_picker import WATCH_KEYS, wait_for_models
from bench.options import Options
from bench.servers import Places, Running
from tests.browser.chromium import open_chromium
from tests.upstream import Upstream

PANES = 16
TOKENS = 600
MOST_MS = 50
TYPED = "What is typed meanwhile must stand there, letter by letter."
MODELS = [f"tokens-{TOKENS}-speed-100-seed-{seed}" for seed in range(PANES)]
WATCH_TASKS = """new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) (window.tasks ??= []).push(duration)
}).observe({ type: "longtask" })"""
ANSWERS = "[data-pane] article[aria-label='Assistant message']"
OVER = f"""count => {{
  const answers = [...document.querySelectorAll("{ANSWERS}")]
  return answers.length === count && answers.every(({{ dataset }}) => dataset.status !== "running")
}}"""


def measure_panes(options: Options, places: Places) -> Iterator[Figure]:
    with Upstream() as upstream, open_chromium() as browser:
        upstream.models = {"data": [{"id": model} for model in MODELS]}
        with servers.playground("daphne", places.new(), upstream.base_url) as ours, cores.on(cores.LOAD):
            runs = [run(browser, ours) for _ in range(options.repeats)]
    what = f"{PANES} panes at 100 tokens a second"
    slowest = [max(keys) for keys, _ in runs]
    tasks = [len(found) for _, found in runs]
    keys = sorted(key for keys, _ in runs for key in keys)
    yield Figure(f"{what}, a key, median", "ms", [keys[len(keys) // 2]], note="to the frame after the key")
    yield Figure(f"{what}, a key, p95", "ms", [keys[int(len(keys) * 0.95)]])
    yield Figure(f"{what}, the slowest key", "ms", slowest, met=max(slowest) <= MOST_MS)
    yield Figure(f"{what}, long tasks", "", tasks, met=not any(tasks), note="over 50 ms")
    yield Figure(f"{what}, the longest task", "ms", [max(found, default=0) for _, found in runs])


def run(browser: Browser, ours: Running) -> tuple[list[float], list[float]]:
    """Milliseconds from each key to its frame, and those of each long task, from sending to the last answer's end."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    for script in (WATCH_KEYS, WATCH_TASKS):
        page.add_init_script(script)
    wait_for_models(page, ours, PANES)
    page.goto(f"{ours.url}/compare/?models={','.join(MODELS)}")
    page.get_by_role("button", name="Open without sending").click()
    page.locator("[data-pane]").nth(PANES - 1).wait_for()
    page.wait_for_load_state("networkidle")
    ask(page)
    page.wait_for_function(OVER, arg=PANES, timeout=120_000)
    keys, tasks = page.evaluate("[window.painted, window.tasks ?? []]")
    page.close()
    return keys, tasks


def ask(page: Page) -> None:
    """All panes, and go on typing."""
    message = page.get_by_role("textbox", name="Message", exact=True)
    message.fill("Go")
    page.evaluate("window.painted = window.tasks = undefined")
    message.press("Enter")
    message.press_sequentially(TYPED, delay=100)

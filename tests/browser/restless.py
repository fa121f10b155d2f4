"""Who asks in a browser and does not wait quietly for the answer, and a tally of what such people saw."""

import asyncio
import itertools
import random
import shutil
from dataclasses import dataclass, field
from typing import Any, ClassVar

from playwright.async_api import BrowserContext, Page, Playwright, TimeoutError

from tests.browser.chromium import FLAGS, NAMES
from tests.browser.cutting import Wire


@dataclass
class Tally:
    """What happened, and what went wrong."""

    right: int = 0
    reloads: int = 0
    tabs: int = 0
    wrong: list[str] = field(default_factory=list)

    def judge(self, model: str, said: str, heard: str, where: str) -> None:
        if said == heard:
            return
        same = (a == b for a, b in zip(said, heard, strict=False))
        at = len(list(itertools.takewhile(bool, same)))
        lengths = f"{len(said)} sent, {len(heard)} shown"
        self.wrong.append(f"{model} {where}: {lengths}, differs at {at}: {heard[at : at + 40]!r}")


@dataclass
class Restless:
    """`elsewhere` is where other tabs are opened: the same site, maybe by another wire."""

    context: BrowserContext
    wire: Wire
    elsewhere: str
    tally: Tally
    chance: random.Random

    # Looks at the page for what to say when something never happened.
    state: ClassVar[str]

    async def fidget(self, page: Page, most: int, pause: float) -> list[Page]:
        """Up to so many things, at random points of the answer. Returns the tabs opened."""
        tabs: list[Page] = []
        for _ in range(self.chance.randint(1, most)):
            # The random point itself: nothing is waited for.
            await asyncio.sleep(self.chance.random() * pause)
            act = self.chance.choice(["reload", "cut", "cut", "tab"])
            if act == "reload":
                self.tally.reloads += 1
                await page.reload(wait_until="domcontentloaded")
            elif act == "cut":
                self.wire.cut()
            elif not tabs:
                self.tally.tabs += 1
                tabs.append(await self.context.new_page())
                address = page.url.replace(self.wire.url, self.elsewhere)
                await tabs[0].goto(address, wait_until="domcontentloaded")
        return tabs

    async def wait(self, page: Page, condition: str, argument: Any, complaint: str) -> None:
        try:
            await page.wait_for_function(condition, arg=argument, timeout=30_000)
        except TimeoutError as error:
            raise AssertionError(f"{complaint}: {await page.evaluate(self.state)}") from error


async def open_context(playwright: Playwright) -> BrowserContext:
    path = next(path for name in NAMES if (path := shutil.which(name)))
    browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
    return await browser.new_context()

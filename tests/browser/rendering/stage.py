"""What a test may do with the page, in Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from .site import serve

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Stage:
    """A page with the renderer, and what happened on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, query: str = "?instant") -> "Stage":
        """Every frame comes at once, and KaTeX and highlight.js are there."""
        self.page.goto(self.url + query)
        self.show("$x$\n\n```py\nif 1: 2\n```")
        self.page.wait_for_selector(".katex")
        self.page.wait_for_selector(".token-keyword")
        return self

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def show(self, text: str) -> str:
        return self.evaluate("text => stage.show(text)", text)

    def stream(self, pieces: list[str]) -> dict[str, Any]:
        return self.evaluate("pieces => stage.stream(pieces)", pieces)

    def time(self, text: str) -> dict[str, Any]:
        """Milliseconds that it took, and what came of it. The bench has figures; here it only has to end."""
        taken: dict[str, Any] = self.evaluate("text => stage.time(text)", text)
        return taken

    def strangers(self) -> list[str]:
        """What was asked for elsewhere, whether or not it was got."""
        return [url for url in self.requests if not url.startswith((self.url, "data:"))]

    def is_calm(self) -> bool:
        return not (self.dialogs or self.errors or self.strangers() or self.evaluate("violations"))


@contextmanager
def open_stage() -> Iterator[Stage]:
    with serve() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Stage(browser.new_page(), url).open()
        browser.close()

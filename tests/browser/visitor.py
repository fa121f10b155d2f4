"""Somebody with a browser, in the words of somebody with a browser. Everything is found by role and name."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

# What the browser says about a request that a story breaks on purpose.
ABOUT_REQUESTS = re.compile(
    r"Failed to load resource|WebSocket connection to|net::ERR_|htmx:error: Failed to fetch"
)


class Visitor:
    """One tab. `troubles` holds what the console had to complain about: a story with any has failed."""

    def __init__(self, context: BrowserContext, url: str, troubles: list[str]) -> None:
        self.context, self.url, self.troubles = context, url, troubles
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: troubles.append(f"Uncaught: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not ABOUT_REQUESTS.search(message.text):
            self.troubles.append(f"{message.text} ({message.location.get('url')})")

    # Going about

    def opens(self, path: str = "/") -> "Visitor":
        self.page.goto(self.url + path)
        return self

    def reloads(self) -> None:
        self.page.reload()

    def opens_a_second_tab(self) -> "Visitor":
        """At the same address."""
        other = Visitor(self.context, self.url, self.troubles)
        other.page.goto(self.page.url)
        return other

    def leaves(self) -> None:
        self.page.close()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    # Finding

    def button(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=name, exact=True)

    def number(self, name: str) -> Locator:
        return self.page.get_by_role("spinbutton", name=name, exact=True)

    @property
    def message(self) -> Locator:
        return self.field("Message")

    @property
    def questions(self) -> Locator:
        return self.page.get_by_role("article", name="User message")

    @property
    def answers(self) -> Locator:
        return self.page.get_by_role("article", name="Assistant message")

    @property
    def history(self) -> Locator:
        return self.page.get_by_role("navigation", name="History")

    @property
    def settings(self) -> Locator:
        return self.page.get_by_role("complementary", name="Settings panel")

    # Doing

    def chooses(self, model: str) -> None:
        """Types the id and takes what Enter takes: the option of this name, or the id as it was typed."""
        model_field = self.page.get_by_role("combobox", name="Model")
        model_field.click()
        model_field.fill(model)
        model_field.press("Enter")
        expect(self.page.locator("input[type=hidden][name=model]")).to_have_value(model)

    def writes(self, text: str) -> None:
        self.message.fill(text)

    def sends(self, text: str) -> None:
        self.writes(text)
        self.message.press("Enter")

    def asks(self, model: str, text: str = "Hello") -> None:
        """A new chat with this model, and its first message."""
        self.opens("/")
        self.chooses(model)
        self.sends(text)
        expect(self.questions).to_have_count(1)

    def does(self, action: str, message: Locator) -> None:
        """An action of a message: Copy, Edit, Regenerate ..."""
        message.hover()
        self.button(action, message).click()

    def picks(self, act: str, message: Locator | None = None) -> None:
        """From the menu of a message, or else of the page: of a chat or a comparison."""
        if message:
            self.does("More", message)
        else:
            self.button("More for this conversation").click()
        self.page.get_by_role("menuitem", name=act, exact=True).click()

    def stops(self) -> None:
        self.button("Stop").click()

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    # Seeing

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_status(self, status: str, answer: Locator | None = None) -> None:
        expect(answer or self.answers.last).to_have_attribute("data-status", status)

    def sees_answer(self, text: str | re.Pattern[str] | None = None, status: str = "finished") -> None:
        self.sees_status(status)
        if text is not None:
            expect(self.text_of(self.answers.last)).to_contain_text(text)

    def sees_text_growing(self, beyond: int = 0) -> None:
        """More than this many letters stand there, and the answer is not over."""
        self.page.wait_for_function(
            """beyond => [...document.querySelectorAll('article[data-status=running] [data-part=text]')]
                .some(part => part.textContent.length > beyond)""",
            arg=beyond,
        )

    def text_of(self, message: Locator) -> Locator:
        return message.locator("[data-part=text]")

    def reads_raw(self, message: Locator) -> str:
        """The exact text, as Show raw shows it."""
        self.does("Show raw", message)
        text = message.locator("[data-part=raw]").evaluate("part => part.textContent")
        self.does("Show rendered", message)
        return str(text)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

"""The difference of two answers: found at their alternatives, read in line or side by side, also without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Say, Upstream, stream

FIRST = "# Limits\n\nA bucket refills at a constant rate.\n\nThat is all."
SECOND = "# Limits\n\nA bucket refills at a steady rate, always.\n\nThat is all."


class Reader(Visitor):
    """Somebody with two answers to one question."""

    def asks_twice(self, upstream: Upstream) -> None:
        upstream.script(stream(FIRST), model="mirror")
        upstream.script(stream(SECOND), model="mirror")
        self.asks("mirror", "What limits?")
        self.sees_answer("constant")
        self.does("Regenerate", self.answers.last)
        self.sees_answer("steady")

    def asks_otherwise(self, upstream: Upstream) -> None:
        """Once as it is, once with a system prompt and a temperature; and the second answer was thought about."""
        upstream.script(stream(FIRST), model="mirror")
        upstream.script(stream(Say("Hm.", key="reasoning_content"), SECOND), model="mirror")
        self.asks("mirror", "What limits?")
        self.sees_answer("constant")
        self.number("Temperature").fill("0.5")
        self.field("System prompt").fill("Be brief.")
        self.does("Regenerate", self.answers.last)
        self.sees_answer("steady")
        self.compares()

    def compares(self) -> None:
        self.answers.last.hover()
        self.answers.last.get_by_role("link", name="Difference").click()
        expect(self.page.get_by_role("heading", name="Difference")).to_be_visible()

    @property
    def removed(self) -> Locator:
        return self.page.get_by_role("deletion")

    @property
    def added(self) -> Locator:
        return self.page.get_by_role("insertion")

    def sees_changes(self, removed: list[str], added: list[str]) -> None:
        expect(self.removed).to_have_text(removed)
        expect(self.added).to_have_text(added)


def test_two_alternatives_are_compared(
    server: Server, invite: Callable[..., Reader], upstream: Upstream
) -> None:
    reader = invite(server, Reader)
    reader.asks_twice(upstream)
    reader.compares()
    reader.sees_changes(["constant"], ["steady", ", always"])
    reader.sees("The requests are the same.")
    reader.page.get_by_role("link", name="Side by side").click()
    beside = reader.page.get_by_role("table", name="Text, side by side")
    expect(beside.get_by_role("row").filter(has_text="constant")).to_contain_text("steady")
    reader.page.get_by_role("link", name="Swap").click()
    reader.sees_changes(["steady", ", always"], ["constant"])
    expect(beside).to_be_visible()
    reader.page.get_by_role("link", name="Back to the conversation").click()
    reader.sees_answer("steady")


def test_it_reads_without_scripts(server: Server, invite: Callable[..., Reader], upstream: Upstream) -> None:
    reader = invite(server, Reader)
    reader.asks_twice(upstream)
    reader.compares()
    plain = invite(server, Reader, java_script_enabled=False)
    plain.opens(reader.path)
    plain.sees_changes(["constant"], ["steady", ", always"])
    plain.page.get_by_role("combobox", name="A").select_option(label="Alternative 2 of 2 · mirror")
    plain.page.get_by_role("combobox", name="B").select_option(label="Alternative 1 of 2 · mirror")
    plain.button("Compare").click()
    plain.sees_changes(["steady", ", always"], ["constant"])
    plain.page.get_by_role("link", name="Side by side").click()
    expect(plain.page.get_by_role("table", name="Text, side by side")).to_be_visible()


def test_what_was_asked_otherwise_is_told(
    server: Server, invite: Callable[..., Reader], upstream: Upstream
) -> None:
    reader = invite(server, Reader)
    reader.asks_otherwise(upstream)
    values = reader.page.get_by_role("table", name="What differs in the requests")
    expect(values.get_by_role("row")).to_have_text(["KeyAB", "temperaturenot sent0.5"])
    asked = reader.page.locator("details").filter(has_text="Message 1 of B, system")
    expect(asked.get_by_role("insertion")).to_be_hidden()
    asked.locator("summary").click()
    expect(asked.get_by_role("insertion")).to_have_text("Be brief.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(
    server: Server, invite: Callable[..., Reader], upstream: Upstream, scheme: str, width: int
) -> None:
    reader = invite(server, Reader, color_scheme=scheme)
    reader.asks_otherwise(upstream)
    reader.page.set_viewport_size({"width": width, "height": 844})
    for view in ("In line", "Side by side"):
        reader.page.get_by_role("link", name=view).click()
        expect(reader.page.get_by_role("link", name=view)).to_have_attribute("aria-current", "true")
        reader.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        assert complaints(reader) == []
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    reader.opens("/difference/")
    assert complaints(reader) == []

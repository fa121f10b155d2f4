"""View code: the request of the last answer, or the one that would be sent now, ready to be taken away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from chat.snippets import TARGETS, snippet
from tests.browser.test_accessibility import complaints
from tests.browser.test_care import PLAIN_HTTP
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Upstream

NASTY = (
    "Say \"it's\" `so` ${x} \\n </script></code> 👩‍👩‍👧 \u2028 end\n\n```py\nprint('x')\n````\n\tTab\nLast"
)
KEY = "OPENAI_API_KEY"


class Reader(Visitor):
    """Somebody who wants the code."""

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="View code")

    @property
    def code(self) -> Locator:
        return self.dialog.locator("pre")

    @property
    def language(self) -> Locator:
        return self.dialog.get_by_role("combobox", name="Language")

    def tab(self, name: str) -> Locator:
        return self.dialog.get_by_role("tab", name=name, exact=True)

    def looks(self) -> None:
        self.button("View code").click()
        expect(self.dialog).to_be_visible()

    def reads(self) -> str:
        """The text as it stands there when its colours have come."""
        expect(self.code.locator("span[class^=token-]").first).to_be_visible()
        return str(self.code.evaluate("pre => pre.textContent"))


@pytest.fixture
def visitor(server: Server, invite: Callable[..., Reader]) -> Reader:
    return invite(server, Reader, permissions=["clipboard-read", "clipboard-write"])


def url_of(upstream: Upstream) -> str:
    return f"{upstream.base_url}/chat/completions"


def test_the_code_sends_what_was_sent_in_every_language(visitor: Reader, upstream: Upstream) -> None:
    visitor.asks("mirror", NASTY)
    visitor.sees_answer()
    sent = upstream.requests[-1].body
    visitor.looks()
    expect(visitor.tab("As sent")).to_have_attribute("aria-selected", "true")
    for target in TARGETS:
        visitor.language.select_option(target.name)
        expect(visitor.dialog.get_by_text(target.needs)).to_be_visible()
        assert visitor.reads().strip() == snippet(target.name, url_of(upstream), sent, KEY).strip()


def test_copying_takes_the_very_code(visitor: Reader, upstream: Upstream) -> None:
    visitor.asks("mirror", NASTY)
    visitor.sees_answer()
    visitor.looks()
    visitor.language.select_option("curl")
    expect(visitor.code).to_contain_text("curl")
    visitor.button("Copy", visitor.dialog).click()
    expect(visitor.dialog.get_by_role("status")).to_have_text("Copied")
    copied = visitor.evaluate("navigator.clipboard.readText()")
    assert copied == snippet("curl", url_of(upstream), upstream.requests[-1].body, KEY)


def test_a_page_that_came_by_plain_http_copies_the_code_too(visitor: Reader) -> None:
    visitor.page.add_init_script(f"({PLAIN_HTTP})()")
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.looks()
    code = visitor.reads()
    visitor.button("Copy", visitor.dialog).click()
    expect(visitor.dialog.get_by_role("status")).to_have_text("Copied")
    expect(visitor.button("Copy", visitor.dialog)).to_be_focused()
    visitor.presses("Escape")
    visitor.message.press("Control+V")
    expect(visitor.message).to_have_value(f"{code.rstrip()}\n")


def test_the_language_is_remembered(visitor: Reader) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.looks()
    visitor.language.select_option("fetch")
    expect(visitor.code).to_contain_text("await fetch(")
    visitor.presses("Escape")
    visitor.reloads()
    visitor.looks()
    expect(visitor.language).to_have_value("fetch")
    expect(visitor.code).to_contain_text("await fetch(")


def test_as_set_is_the_page_as_it_stands(visitor: Reader, upstream: Upstream) -> None:
    visitor.asks("mirror", "First")
    visitor.sees_answer()
    visitor.number("Temperature").fill("1.5")
    visitor.writes("And the second?")
    visitor.looks()
    expect(visitor.code).not_to_contain_text("1.5")
    visitor.tab("As set").click()
    expect(visitor.code).to_contain_text("temperature=1.5")
    expect(visitor.code).to_contain_text("And the second?")
    expect(visitor.dialog.get_by_text("What Send would send now")).to_be_visible()
    shown = visitor.reads()
    visitor.presses("Escape")
    visitor.message.press("Enter")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("And the second?")
    assert (
        shown.strip() == snippet("python-openai", url_of(upstream), upstream.requests[-1].body, KEY).strip()
    )


def test_a_new_chat_has_code_before_anything_is_sent(visitor: Reader, upstream: Upstream) -> None:
    before = len(upstream.requests)
    visitor.opens()
    visitor.chooses("mirror")
    visitor.field("System prompt").fill("Be brief.")
    visitor.looks()
    expect(visitor.tab("As sent")).to_have_count(0)
    expect(visitor.code).to_contain_text("Be brief.")
    visitor.sees("the message is still empty")
    assert len(upstream.requests) == before
    assert visitor.path == "/"


def test_code_can_be_had_without_a_stream(visitor: Reader) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.looks()
    box = visitor.dialog.get_by_role("checkbox", name="Streamed")
    expect(box).to_be_checked()
    box.click()
    expect(visitor.code).to_contain_text("stream=False")
    visitor.sees("but not streamed")
    visitor.language.select_option("curl")
    expect(visitor.code).to_contain_text('"stream": false')
    visitor.tab("As set").click()
    expect(visitor.code).to_contain_text('"stream": true')
    expect(box).to_be_checked()


def test_the_keyboard_alone_suffices(visitor: Reader) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.button("View code").focus()
    visitor.presses("Enter")
    expect(visitor.language).to_be_focused()
    visitor.presses("Shift+Tab")
    expect(visitor.tab("As sent")).to_be_focused()
    visitor.presses("ArrowRight")
    expect(visitor.tab("As set")).to_be_focused()
    visitor.sees("What Regenerate would send now")
    visitor.presses("ArrowRight")
    expect(visitor.tab("As sent")).to_be_focused()
    expect(visitor.tab("As sent")).to_have_attribute("aria-selected", "true")
    visitor.presses("Tab", "Tab", "Tab")
    expect(visitor.button("Copy", visitor.dialog)).to_be_focused()
    visitor.presses("Tab")
    expect(visitor.code).to_be_focused()
    visitor.presses("Escape")
    expect(visitor.dialog).to_have_count(0)
    expect(visitor.button("View code")).to_be_focused()


def test_leaving_the_code_does_not_stop_an_answer(visitor: Reader) -> None:
    visitor.asks("tokens-50-hang-5")
    visitor.sees_text_growing()
    visitor.looks()
    visitor.presses("Escape")
    expect(visitor.dialog).to_have_count(0)
    visitor.sees_status("running")
    visitor.stops()
    visitor.sees_status("stopped")


def test_what_cannot_be_sent_is_said_in_the_place_of_the_code(visitor: Reader) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.number("Temperature").fill("9")
    visitor.looks()
    expect(visitor.dialog.get_by_role("alert")).to_contain_text("Temperature")
    visitor.presses("Escape")
    visitor.number("Temperature").fill("1")
    visitor.looks()
    expect(visitor.code).to_contain_text("temperature=1.0")


def test_no_connection_is_told(visitor: Reader) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.looks()
    visitor.context.set_offline(True)
    visitor.language.select_option("curl")
    expect(visitor.dialog.get_by_role("alert")).to_contain_text("no connection")
    visitor.presses("Escape")
    visitor.button("View code").click()
    expect(visitor.dialog.get_by_role("alert")).to_contain_text("no connection")
    visitor.button("Close", visitor.dialog).click()
    visitor.context.set_offline(False)
    visitor.looks()
    expect(visitor.code).to_contain_text("curl")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Reader], scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    visitor = invite(server, Reader, **look)
    visitor.opens()
    visitor.asks("mirror", "Why is the sky blue?\n" * 30)
    visitor.sees_answer()
    visitor.looks()
    for target in ("python-openai", "typescript-openai", "curl"):
        visitor.language.select_option(target)
        visitor.reads()
        assert complaints(visitor) == []
    visitor.tab("As set").click()
    visitor.sees("What Regenerate would send now")
    assert complaints(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""Everything by keyboard, on a phone, in the dark: and the look that a person chose stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.gardener import Gardener
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Upstream

CONTROLS = (
    "New chat", "Search conversations", "Settings", "Theme", "Rename", "Model", "System prompt", "Message", "Send",
    "Copy", "Edit", "Regenerate", "Show raw", "Delete", "Temperature", "Unset Temperature", "Top P", "Max tokens",
)  # fmt: skip

FOCUSED = """() => {
    const at = document.activeElement
    return at.getAttribute("aria-label") || at.labels?.[0]?.textContent.trim() || at.textContent.trim()
}"""


def tab_stops(visitor: Visitor, most: int = 80) -> list[str]:
    """What Tab goes through, from the top of the page until it leaves it or begins again."""
    visitor.page.get_by_role("link", name="Skip to the message").focus()
    names: list[str] = [visitor.evaluate(FOCUSED)]
    for _ in range(most):
        visitor.presses("Tab")
        if visitor.evaluate("document.activeElement === document.body"):
            break
        names.append(visitor.evaluate(FOCUSED))
    return names


def test_tab_reaches_every_control(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.number("Temperature").fill("1")
    stops = tab_stops(visitor)
    reached = [name for name in CONTROLS if any(stop.startswith(name) for stop in stops)]
    assert reached == list(CONTROLS)
    assert stops[0] == "Skip to the message"


def test_a_whole_conversation_with_the_keyboard_only(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.page.get_by_role("combobox", name="Model").focus()
    visitor.page.keyboard.type("mirr")
    visitor.presses("ArrowDown", "ArrowUp", "Enter")
    expect(visitor.page.get_by_role("combobox", name="Model")).to_have_value("mirror")
    visitor.message.focus()
    visitor.page.keyboard.type("frist")
    visitor.presses("Enter")
    visitor.sees_answer("frist")
    expect(visitor.message).to_be_focused()
    visitor.presses("ArrowUp")
    editor = visitor.field("Edit message")
    expect(editor).to_be_focused()
    visitor.presses("Control+a")
    visitor.page.keyboard.type("first")
    visitor.presses("Control+Enter")
    visitor.sees_answer("first")
    assert upstream.requests[-1].body["messages"] == [{"role": "user", "content": "first"}]


def test_the_theme_goes_round_and_stays(visitor: Visitor) -> None:
    visitor.opens()
    root = visitor.page.locator("html")
    light = visitor.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    visitor.button("Theme").click()
    expect(root).to_have_attribute("data-theme", "dark")
    assert visitor.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    visitor.reloads()
    expect(root).to_have_attribute("data-theme", "dark")
    visitor.button("Theme").click()
    expect(root).to_have_attribute("data-theme", "light")
    visitor.button("Theme").click()
    visitor.reloads()
    assert root.get_attribute("data-theme") is None


def test_a_phone_has_drawers(server: Server, invite: Callable[..., Visitor]) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor.opens()
    search = visitor.page.get_by_role("searchbox", name="Search conversations")
    expect(search).not_to_be_in_viewport()
    visitor.page.get_by_role("link", name="Open history").click()
    expect(search).to_be_in_viewport()
    visitor.presses("Escape")
    expect(search).not_to_be_in_viewport()
    expect(visitor.page.get_by_role("link", name="Open history")).to_be_focused()
    visitor.page.get_by_role("link", name="Open settings").click()
    expect(visitor.number("Temperature")).to_be_in_viewport()
    visitor.number("Temperature").fill("1")
    visitor.page.get_by_role("link", name="Close settings").click()
    expect(visitor.number("Temperature")).not_to_be_in_viewport()
    visitor.chooses("mirror")
    visitor.sends("From a phone")
    visitor.sees_answer("From a phone")


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_is_wider_than_its_window(server: Server, invite: Callable[..., Visitor], width: int) -> None:
    visitor = invite(server, viewport={"width": width, "height": 800})
    visitor.asks("tokens-60-seed-11") if width > 1000 else visitor.opens()
    for path in (visitor.path, "/settings/", "/nowhere/"):
        visitor.opens(path)
        assert visitor.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [320, 390])
def test_all_that_can_be_pressed_stands_within_a_phone(
    server: Server, invite: Callable[..., Gardener], width: int
) -> None:
    gardener = invite(
        server, Gardener, viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True
    )
    gardener.grows()
    expect(gardener.page.get_by_text("later messages on the other branch")).to_be_visible()
    beyond = """[...document.querySelectorAll("article :is(button, a)")]
        .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > screen.width)
        .map(each => each.ariaLabel || each.textContent)"""
    assert gardener.evaluate(beyond) == []
    gardener.opens("/history/all/")
    assert gardener.evaluate("(head => head.scrollWidth <= head.clientWidth)(document.querySelector('h1'))")


def test_the_history_is_reached_in_a_low_window(server: Server, invite: Callable[..., Visitor]) -> None:
    visitor = invite(server, viewport={"width": 1440, "height": 400})
    visitor.asks("mirror", "Down below")
    row = visitor.history.get_by_role("link", name="Down below")
    row.scroll_into_view_if_needed()
    expect(row).to_be_in_viewport(ratio=0.9)


def test_in_a_low_window_the_list_is_where_it_was_on_the_page_before(
    server: Server, invite: Callable[..., Visitor]
) -> None:
    visitor = invite(server, viewport={"width": 1440, "height": 400})
    visitor.asks("mirror", "Down below")
    visitor.evaluate("document.querySelector('.sidebar').scrollTop = 60")
    visitor.opens("/usage/")
    visitor.page.wait_for_function("document.querySelector('.sidebar').scrollTop === 60")


def test_a_new_chat_stands_at_its_beginning_in_a_low_window(
    server: Server, invite: Callable[..., Visitor]
) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 400})
    visitor.opens()
    log = visitor.page.get_by_role("log", name="Messages")
    assert log.evaluate("log => log.scrollHeight > log.clientHeight")
    assert log.evaluate("log => log.scrollTop") == 0

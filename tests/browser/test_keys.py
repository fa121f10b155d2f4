"""Keys, and where the focus is."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.browser.waiting import running
from tests.servers import Server
from tests.upstream import Upstream


def test_a_question_mark_lists_the_keys_and_escape_only_closes_the_list(
    visitor: Visitor, upstream: Upstream
) -> None:
    gate = running(visitor, upstream, "Hello")
    visitor.message.press("?")
    expect(visitor.message).to_have_value("?")
    visitor.page.get_by_role("log", name="Messages").focus()
    visitor.presses("?")
    keys = visitor.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_contain_text("Break the line")
    visitor.presses("Escape")
    expect(keys).to_be_hidden()
    expect(visitor.page.get_by_role("log", name="Messages")).to_be_focused()
    visitor.sees_status("running")
    visitor.button("Keyboard shortcuts").click()
    visitor.button("Close", keys).click()
    expect(visitor.button("Keyboard shortcuts")).to_be_focused()
    gate.open()
    visitor.sees_answer("Hello end")


def test_escape_stops_and_the_focus_is_in_the_composer(visitor: Visitor, upstream: Upstream) -> None:
    gate = running(visitor, upstream, "Hello")
    visitor.button("Stop").focus()
    visitor.presses("Enter")
    visitor.sees_status("stopped")
    expect(visitor.message).to_be_focused()
    gate.open()
    gate = running(visitor, upstream, "Hello")
    visitor.presses("Escape")
    visitor.sees_status("stopped")
    gate.open()


def test_the_composer_has_the_focus_after_an_edit(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.message.press("ArrowUp")
    expect(visitor.field("Edit message")).to_be_focused()
    visitor.presses("Escape")
    expect(visitor.message).to_be_focused()
    expect(visitor.field("Edit message")).to_have_count(0)


def test_control_and_enter_send_from_the_system_prompt_and_enter_in_a_setting_sends_nothing(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.writes("Not yet")
    visitor.number("Temperature").fill("0.5")
    visitor.number("Temperature").press("Enter")
    expect(visitor.questions).to_have_count(0)
    visitor.field("System prompt").fill("Be brief")
    visitor.field("System prompt").press("Enter")
    expect(visitor.questions).to_have_count(0)
    visitor.field("System prompt").press("Control+Enter")
    visitor.sees_answer("Not yet")
    assert upstream.requests[-1].body["temperature"] == 0.5


def test_a_drawer_holds_the_focus(server: Server, invite: Callable[..., Visitor]) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 800}).opens()
    opener = visitor.page.get_by_role("link", name="Open settings")
    opener.click()
    expect(visitor.settings).to_be_in_viewport()
    for _ in range(60):
        visitor.presses("Tab")
        assert visitor.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('#settings')"
        )
    visitor.presses("Escape")
    expect(opener).to_be_focused()
    visitor.writes("Free again")

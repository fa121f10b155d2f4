"""The drawer with the settings of a pane shows what is there, and saves nothing but what was changed in it."""

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import calls, compares, pane, sees_answers
from tests.browser.visitor import Visitor
from tests.upstream import Upstream

pytestmark = pytest.mark.usefixtures("models_side_by_side")
BRIEF = {"role": "system", "content": "Be brief."}


def opens_settings(visitor: Visitor, number: int) -> None:
    visitor.button(f"Settings of pane {number}").click()
    whose = visitor.page.get_by_role("region", name="Whose settings these are")
    expect(whose).to_contain_text(f"Pane {number}")
    expect(visitor.number("Temperature")).to_be_visible()


def sees_summary(visitor: Visitor, *words: str) -> None:
    for number in (1, 2):
        for each in words:
            expect(pane(visitor, number)).to_contain_text(each)


def asks_with(visitor: Visitor, upstream: Upstream) -> list[tuple[object, object]]:
    """The first turn and the temperature that each of the two panes was asked with."""
    before = len(calls(upstream))
    visitor.sends("Hello")
    sees_answers(visitor, "Hello", "Hello")
    return [(call.body["messages"][0], call.body.get("temperature")) for call in calls(upstream)[before:]]


def test_a_prompt_typed_a_moment_ago_is_in_the_drawer_of_the_next_pane(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo")
    opens_settings(visitor, 1)
    visitor.field("System prompt").fill("Be brief.")
    opens_settings(visitor, 2)
    expect(visitor.field("System prompt")).to_have_value("Be brief.")
    visitor.number("Temperature").fill("0.3")
    sees_summary(visitor, "Temperature0.3")
    assert asks_with(visitor, upstream) == [(BRIEF, 0.3)] * 2


def test_a_prompt_typed_a_moment_before_the_drawer_is_closed_is_in_the_next_one(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    opens_settings(visitor, 1)
    visitor.field("System prompt").fill("Be brief.")
    visitor.button("Close settings").click()
    opens_settings(visitor, 2)
    expect(visitor.field("System prompt")).to_have_value("Be brief.")


def test_a_drawer_that_is_open_in_another_tab_shows_what_is_set_here(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo")
    other = visitor.opens_a_second_tab()
    opens_settings(visitor, 1)
    opens_settings(other, 2)
    visitor.field("System prompt").fill("Be brief.")
    expect(other.field("System prompt")).to_have_value("Be brief.")
    sees_summary(other, "System~")
    other.number("Temperature").fill("0.3")
    expect(visitor.number("Temperature")).to_have_value("0.3")
    sees_summary(visitor, "Temperature0.3")
    # The one who types loses neither place nor caret.
    expect(visitor.field("System prompt")).to_be_focused()
    visitor.page.keyboard.type(" Or not.")
    expect(other.field("System prompt")).to_have_value("Be brief. Or not.")
    assert asks_with(other, upstream) == [({"role": "system", "content": "Be brief. Or not."}, 0.3)] * 2


def test_two_tabs_that_change_different_settings_keep_both(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    other = visitor.opens_a_second_tab()
    opens_settings(visitor, 1)
    opens_settings(other, 1)
    # It hears of nothing: what it shows is old.
    other.page.route("**/order/", lambda route: route.abort())
    other.page.route("**/drawer/", lambda route: route.abort())
    visitor.field("System prompt").fill("Be brief.")
    sees_summary(visitor, "System~")
    other.number("Temperature").fill("0.3")
    sees_summary(visitor, "Temperature0.3", "System~")
    assert asks_with(visitor, upstream) == [(BRIEF, 0.3)] * 2


def test_what_is_typed_is_not_rewritten_under_the_hands(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    other = visitor.opens_a_second_tab()
    opens_settings(visitor, 1)
    opens_settings(other, 1)
    field = visitor.number("Temperature")
    field.focus()
    visitor.page.keyboard.type("0.10")
    expect(other.number("Temperature")).to_have_value("0.1")
    other.number("Top P").fill("0.5")
    expect(visitor.number("Top P")).to_have_value("0.5")
    expect(field).to_be_focused()
    visitor.page.keyboard.type("5")
    expect(other.number("Temperature")).to_have_value("0.105")

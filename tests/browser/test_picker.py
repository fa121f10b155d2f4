"""Choosing a model by keys alone: groups, pins, ids of no list, and a word before a switch drops something."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.crash.site import wait_for
from tests.upstream import Upstream

CHOSEN = "input[type=hidden][name=model]"


@pytest.fixture
def picker(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("combobox", name="Model")


def sets_what_mirror_drops(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("demo/ngram")
    visitor.number("Top K").fill("40")
    visitor.number("Min P").fill("0.1")


def begins_to_switch(visitor: Visitor, picker: Locator) -> None:
    picker.focus()
    visitor.page.keyboard.type("mirror")
    visitor.presses("Enter")
    expect(visitor.button("Switch")).to_be_focused()


def test_a_switch_that_drops_something_says_what_and_asks(visitor: Visitor, picker: Locator) -> None:
    sets_what_mirror_drops(visitor)
    begins_to_switch(visitor, picker)
    visitor.sees("Top K and Min P are not sent to it, and kept for later.")
    assert complaints(visitor) == []
    expect(visitor.page.locator(CHOSEN)).to_have_value("demo/ngram")
    visitor.presses("Enter")
    expect(visitor.page.locator(CHOSEN)).to_have_value("mirror")
    expect(picker).to_be_focused()
    expect(visitor.button("Switch")).to_be_hidden()
    visitor.sees("Not sent to mirror, and kept for the next model: Top K, Min P.")


@pytest.mark.parametrize("keys", [["Escape"], ["Shift+Tab", "Enter"]])
def test_keeping_the_model_changes_nothing(visitor: Visitor, picker: Locator, keys: list[str]) -> None:
    sets_what_mirror_drops(visitor)
    begins_to_switch(visitor, picker)
    visitor.presses(*keys)
    expect(visitor.button("Switch")).to_be_hidden()
    expect(picker).to_have_value("demo/ngram")
    expect(picker).to_be_focused()
    expect(visitor.page.locator(CHOSEN)).to_have_value("demo/ngram")


def test_leaving_the_question_keeps_the_model(visitor: Visitor, picker: Locator, upstream: Upstream) -> None:
    sets_what_mirror_drops(visitor)
    begins_to_switch(visitor, picker)
    before = len(upstream.requests)
    visitor.sends("Lists are")
    visitor.sees_answer()
    expect(picker).to_have_value("demo/ngram")
    assert len(upstream.requests) == before


def test_what_would_be_dropped_is_said_before_enter(visitor: Visitor, picker: Locator) -> None:
    sets_what_mirror_drops(visitor)
    picker.focus()
    visitor.page.keyboard.type("mirror")
    visitor.sees(re.compile("Switching to mirror: Top K and Min P are not sent"))
    expect(visitor.button("Switch")).to_be_hidden()
    visitor.presses("Escape")
    expect(visitor.page.get_by_text("Switching to mirror")).to_be_hidden()


def test_a_switch_that_drops_nothing_asks_nothing(visitor: Visitor, picker: Locator) -> None:
    visitor.opens()
    visitor.chooses("demo/ngram")
    visitor.number("Temperature").fill("0.5")
    visitor.chooses("mirror")
    expect(picker).to_be_focused()


def test_a_pinned_model_stands_first_until_it_is_unpinned(visitor: Visitor, picker: Locator) -> None:
    visitor.opens()
    picker.focus()
    visitor.page.keyboard.type("showcase")
    pinned = visitor.page.get_by_role("group", name="Pinned")
    with visitor.page.expect_response("**/models/pins/"):
        visitor.presses("Alt+p")
    expect(pinned.get_by_role("option", name="demo/showcase")).to_be_visible()
    visitor.reloads()
    picker.click()
    expect(visitor.page.get_by_role("option").first).to_contain_text("demo/showcase")
    visitor.presses("Escape")
    visitor.chooses("demo/showcase")
    button = visitor.settings.get_by_role("button", name="Pin this model")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    picker.click()
    expect(visitor.page.get_by_role("option").first).to_be_visible()
    expect(pinned).to_have_count(0)


def test_an_id_that_no_list_has_is_an_option_of_its_own(
    visitor: Visitor, picker: Locator, upstream: Upstream
) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    picker.fill("mirr")
    expect(visitor.page.get_by_role("option", name="mirror", exact=True)).to_be_visible()
    own = visitor.page.get_by_role("option", name="Ask OpenAI for “mirr”, which no list has")
    expect(own).to_be_visible()
    visitor.presses("ArrowDown", "Enter")
    expect(visitor.page.locator(CHOSEN)).to_have_value("mirr")
    visitor.sends("Hello")
    visitor.sees_answer()
    assert upstream.requests[-1].model == "mirr"


def test_what_changed_since_the_last_answer_stands_at_the_head(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.number("Temperature").fill("0.7")
    visitor.sends("Hello")
    visitor.sees_answer()
    visitor.number("Temperature").fill("0.9")
    visitor.number("Max tokens").fill("64")
    summary = visitor.settings.get_by_text("2 changed since the last answer")
    expect(summary).to_be_visible()
    summary.press("Enter")
    visitor.sees("Temperature was 0.7")
    visitor.sees("Max tokens was not set")
    expect(visitor.page.locator("[data-parameter][data-changed]")).to_have_count(2)
    visitor.button("Unset Max tokens").click()
    expect(visitor.settings.get_by_text("1 changed since the last answer")).to_be_visible()
    visitor.sends("Again")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer()
    expect(visitor.settings.get_by_text("changed since the last answer")).to_have_count(0)
    expect(visitor.page.locator("[data-parameter][data-changed]")).to_have_count(0)


def test_a_default_is_shown_in_the_field_that_is_not_set(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.chooses("demo/ngram")
    expect(visitor.number("Temperature")).to_have_attribute("placeholder", "default 0.7")
    expect(visitor.number("Temperature")).to_have_value("")
    expect(visitor.settings.get_by_text("none set")).to_be_visible()


def test_a_change_is_saved_though_one_leaves_at_once(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    path = visitor.path
    visitor.number("Top P").fill("0.25")
    visitor.opens("/settings/")
    # What was sent in leaving and the next page are two requests: either may come first.
    wait_for(lambda: visitor.opens(path).number("Top P").input_value() == "0.25")


def test_a_long_value_is_saved_too(visitor: Visitor) -> None:
    """A browser lets little out of a page that is being left: no reason to send little at other times."""
    visitor.asks("mirror")
    visitor.sees_answer()
    value = '{"metadata": "' + "x" * 100_000 + '"}'
    with visitor.page.expect_response("**/settings/"):
        visitor.field("Extra parameters").fill(value)
    visitor.reloads()
    expect(visitor.field("Extra parameters")).to_have_value(re.compile("x{100000}"))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (lambda route: route.abort(), "there is no connection to the server"),
        (lambda route: route.fulfill(status=503), "The server could not make the list"),
        (lambda route: route.fulfill(status=302, headers={"Location": "/healthz"}), "You are signed out"),
    ],
)
def test_a_list_that_does_not_come_says_so_and_is_asked_for_again(
    visitor: Visitor, picker: Locator, failure: Callable[[Route], None], words: str
) -> None:
    visitor.opens()
    visitor.page.route("**/models/", failure)
    picker.click()
    visitor.page.keyboard.type("irror")
    told = visitor.page.get_by_role("alert").filter(has_text=words)
    expect(told).to_be_visible()
    visitor.presses("Enter")
    expect(told).to_be_visible()
    assert complaints(visitor) == []
    visitor.page.unroute("**/models/")
    visitor.button("Try again").click()
    expect(told).to_be_hidden()
    expect(picker).to_be_focused()
    visitor.presses("Enter")
    expect(visitor.page.locator(CHOSEN)).to_have_value("mirror")


def test_another_try_of_the_list_shows_all_of_it_where_nothing_was_typed(
    visitor: Visitor, picker: Locator
) -> None:
    visitor.opens()
    visitor.page.route("**/models/", lambda route: route.abort())
    picker.click()
    expect(visitor.button("Try again")).to_be_visible()
    visitor.page.unroute("**/models/")
    visitor.button("Try again").click()
    expect(visitor.page.get_by_role("option", name=re.compile("mirror"))).to_be_visible()
    expect(visitor.page.get_by_role("option", name=re.compile("ngram"))).to_be_visible()


def test_the_panel_is_not_drawn_anew_under_typing_hands(visitor: Visitor, picker: Locator) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    held: list[Route] = []
    visitor.page.route("**/panel/", lambda route: held.append(route))
    with visitor.page.expect_request("**/panel/"):
        visitor.chooses("demo/showcase")
    visitor.number("Temperature").fill("1.25")
    with visitor.page.expect_response("**/panel/"):
        held.pop().continue_()
    visitor.page.unroute("**/panel/")
    expect(visitor.number("Temperature")).to_be_focused()
    expect(visitor.number("Temperature")).to_have_value("1.25")
    visitor.message.focus()
    expect(visitor.settings.get_by_role("heading", name="demo/showcase")).to_be_visible()
    expect(visitor.number("Temperature")).to_have_value("1.25")

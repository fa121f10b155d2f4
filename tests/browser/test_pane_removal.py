"""Taking a pane out and back: what could not be done is said, once, and can be tried again."""

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import compares, expect_models, pane, panes
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")
TOLD_OF_ANOTHER_TAB = "Pane 2 was removed in another tab."


def removes(visitor: Visitor, number: int) -> None:
    visitor.button("Remove pane", pane(visitor, number)).click()


def test_what_is_taken_back_is_asked_for_once(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    removes(visitor, 2)
    expect_models(visitor, "mirror", "parrot")
    visitor.button("Undo").click()
    expect_models(visitor, "mirror", "echo", "parrot")
    expect(visitor.button("Undo")).to_have_count(0)
    expect(visitor.page.get_by_text("Pane removed")).to_have_count(0)


def test_a_pane_whose_place_was_taken_says_so_and_can_be_taken_back_later(visitor: Visitor) -> None:
    compares(visitor, *["mirror"] * 16)
    removes(visitor, 2)
    expect(panes(visitor)).to_have_count(15)
    visitor.button("Undo").hover()  # So that it stays.
    other = visitor.opens_a_second_tab()
    other.button("Add pane").click()
    expect(panes(visitor)).to_have_count(16)
    visitor.button("Undo").click()
    visitor.sees("A comparison has at most 16 panes. Remove one first.")
    expect(visitor.button("Undo")).to_be_visible()
    other.button("Remove pane", pane(other, 16)).click()
    expect(panes(visitor)).to_have_count(15)
    visitor.button("Undo").click()
    expect(panes(visitor)).to_have_count(16)
    expect(visitor.button("Undo")).to_have_count(0)
    expect(visitor.page.get_by_text("at most 16 panes")).to_have_count(0)


def test_a_pane_that_is_removed_by_a_double_click_is_removed(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    answered: list[int] = []
    visitor.page.on(
        "response",
        lambda response: answered.append(response.status) if response.url.endswith("/removal/") else None,
    )
    visitor.button("Remove pane", pane(visitor, 2)).dblclick()
    expect_models(visitor, "mirror", "parrot")
    expect(visitor.page.get_by_role("alert")).to_have_count(0)
    assert answered == [200]


def test_a_removal_that_did_not_happen_is_told_when_another_tab_does_it(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    visitor.page.route("**/removal/", lambda route: route.abort(), times=1)
    removes(visitor, 2)
    visitor.sees("There is no connection")
    other = visitor.opens_a_second_tab()
    removes(other, 2)
    visitor.sees(TOLD_OF_ANOTHER_TAB)
    expect_models(visitor, "mirror", "parrot")


def test_a_removal_that_was_refused_is_told_when_another_tab_does_it(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    removes(visitor, 2)
    visitor.sees("A comparison has at least 2 panes.")
    other = visitor.opens_a_second_tab()
    other.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    removes(other, 2)
    visitor.sees(TOLD_OF_ANOTHER_TAB)
    expect(panes(visitor)).to_have_count(2)

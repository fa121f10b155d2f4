"""A comparison that is being prepared by keys, and what is said of its link."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import chooses_in, prepares
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def pickers(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("combobox", name="Model")


def place(visitor: Visitor, number: int) -> Locator:
    return visitor.page.get_by_role("listitem").filter(has=pickers(visitor)).nth(number - 1)


def notes(visitor: Visitor) -> Locator:
    return visitor.page.locator("#setup").get_by_role("alert")


def note(name: str, number: int) -> str:
    return f"No provider lists “{name}”. Choose another model for pane {number}."


# What is said of a link


def test_a_note_goes_when_a_model_is_chosen_for_its_pane(visitor: Visitor) -> None:
    prepares(visitor, "nope/none", "mirror", "x")
    expect(notes(visitor)).to_have_text([note("nope/none", 1), note("x", 3)])
    chooses_in(place(visitor, 1), "parrot")
    expect(notes(visitor)).to_have_text([note("x", 3)])
    visitor.button("Add pane").click()
    expect(pickers(visitor)).to_have_count(4)
    expect(notes(visitor)).to_have_text([note("x", 3)])


def test_notes_follow_their_panes(visitor: Visitor) -> None:
    prepares(visitor, "nope/none", "mirror", "x")
    visitor.button("Remove pane 1").click()
    expect(pickers(visitor)).to_have_count(2)
    expect(notes(visitor)).to_have_text([note("x", 2)])


def test_what_cannot_be_sent_says_of_which_pane_and_goes_when_its_model_is_chosen(visitor: Visitor) -> None:
    prepares(visitor, "nope/none", "mirror")
    visitor.sends("Hello")
    refusal = visitor.page.get_by_role("form", name="Composer").get_by_role("alert")
    expect(refusal).to_have_text("Pane 1: Choose a model first.")
    chooses_in(place(visitor, 1), "parrot")
    expect(refusal).to_have_count(0)
    expect(visitor.message).to_have_value("Hello")


# By keys


def test_who_adds_panes_by_keys_stays_on_the_button(visitor: Visitor) -> None:
    prepares(visitor, *["mirror"] * 14)
    visitor.button("Add pane").focus()
    visitor.presses("Enter")
    expect(pickers(visitor)).to_have_count(15)
    expect(visitor.button("Add pane")).to_be_focused()
    visitor.presses("Enter")
    expect(pickers(visitor)).to_have_count(16)
    expect(pickers(visitor).last).to_be_focused()


def test_who_removes_a_pane_by_keys_stands_on_the_next_one(visitor: Visitor) -> None:
    prepares(visitor, "mirror", "echo", "parrot", "chorus")
    visitor.button("Remove pane 2").focus()
    visitor.presses("Enter")
    expect(pickers(visitor)).to_have_count(3)
    expect(pickers(visitor).nth(1)).to_be_focused()
    expect(pickers(visitor).nth(1)).to_have_value("parrot")
    visitor.button("Remove pane 3").focus()
    visitor.presses("Enter")
    expect(pickers(visitor)).to_have_count(2)
    expect(pickers(visitor).last).to_be_focused()

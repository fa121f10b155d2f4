"""A blind round that another tab reveals: what stands in this one says nothing that is over."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_blind import asks, begins_a_round
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")

HIDDEN = "Models, settings and figures are hidden until the vote"


def test_the_vote_and_its_mark_go_with_the_reveal(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor)
    other = visitor.opens_a_second_tab()
    expect(other.page.get_by_text(HIDDEN)).to_be_visible()
    other.writes("Half a thought")
    other.page.get_by_role("combobox", name="Tag").focus()
    visitor.button("Reveal").click()
    visitor.sees("Revealed without a vote.")
    other.sees("This round was revealed in another tab.")
    expect(other.page.get_by_text(HIDDEN)).to_have_count(0)
    expect(other.page.get_by_role("form", name="Vote")).to_have_count(0)
    expect(other.button("Reveal")).to_have_count(0)
    way = other.page.get_by_role("link", name="See which is which")
    expect(way).to_be_focused()
    way.click()
    other.sees("Revealed without a vote.")
    expect(other.message).to_have_value("Half a thought")


def test_a_tag_that_is_being_written_outlives_the_end_of_an_answer(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    tag = visitor.page.get_by_role("combobox", name="Tag")
    tag.fill("birds")
    asks(visitor)
    expect(tag).to_have_value("birds")

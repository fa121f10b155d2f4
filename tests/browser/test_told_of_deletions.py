"""Who looks at what another tab deletes is told; who deletes it, and what is gone already, is not asked about."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import chooses_in, compares, expect_models, pane, panes, sees_answers
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")

IN_ANOTHER_TAB = re.compile("in another tab")


def compares_a_chat(visitor: Visitor, text: str) -> None:
    """The first pane goes on with the chat, which stays in the history."""
    visitor.asks("mirror", text)
    visitor.sees_answer(text)
    visitor.button("Compare").click()
    visitor.page.wait_for_url(re.compile(r"/compare/[0-9a-f-]{36}/$"))
    expect(panes(visitor)).to_have_count(2)
    chooses_in(pane(visitor, 2), "echo")


def test_a_comparison_that_another_tab_deletes_is_told_at_once(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Soon to go")
    sees_answers(visitor, "Soon to go", "Soon to go")
    other = visitor.opens_a_second_tab()
    other.button("Delete Soon to go").press("Enter")
    visitor.sees("This comparison was deleted in another tab.")
    expect(other.button("Undo")).to_be_visible()
    expect(other.page.get_by_text(IN_ANOTHER_TAB)).to_have_count(0)


def test_tabs_hear_of_one_another_again_once_it_is_taken_back(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Back again")
    sees_answers(visitor, "Back again", "Back again")
    other = visitor.opens_a_second_tab()
    other.button("Delete Back again").press("Enter")
    visitor.sees("This comparison was deleted in another tab.")
    other.button("Undo").click()
    expect(other.button("Undo")).to_have_count(0)
    visitor.sends("Are you there?")
    sees_answers(visitor, "Are you there?", "Are you there?")
    visitor.button("Add pane").click()
    for tab in (visitor, other):
        expect(panes(tab)).to_have_count(3)
    other.button("Add pane").click()
    for tab in (visitor, other):
        expect(panes(tab)).to_have_count(4)


def test_a_chat_that_another_tab_deletes_is_no_pane_any_more(visitor: Visitor) -> None:
    compares_a_chat(visitor, "Both at once")
    other = visitor.opens_a_second_tab()
    expect(panes(other)).to_have_count(2)
    other.history.get_by_role("button", name="Delete Both at once").last.press("Enter")
    visitor.sees("Pane 1 was removed in another tab.")
    for tab in (visitor, other):
        expect_models(tab, "echo")
    expect(other.page.get_by_text(IN_ANOTHER_TAB)).to_have_count(0)
    other.button("Undo").click()
    for tab in (visitor, other):
        expect_models(tab, "mirror", "echo")


def test_nothing_is_asked_about_a_chat_that_is_gone_until_it_is_back(visitor: Visitor) -> None:
    visitor.asks("mirror", "Fleeting")
    visitor.sees_answer("Fleeting")
    answered: list[int] = []
    visitor.page.on(
        "response",
        lambda response: answered.append(response.status) if response.url.endswith("/since/") else None,
    )
    visitor.button("Delete Fleeting").press("Enter")
    expect(visitor.button("Undo")).to_be_visible()
    visitor.page.wait_for_timeout(500)
    assert set(answered) <= {200}
    with visitor.page.expect_response("**/since/"):
        visitor.button("Undo").click()
    assert set(answered) <= {200}

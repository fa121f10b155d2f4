"""The branches of a chat: told of, stepped through, and branched off from."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.gardener import Gardener

# Alternatives


def test_where_more_was_said_is_told_and_shown(gardener: Gardener) -> None:
    gardener.grows()
    gardener.reloads()
    gardener.sees_questions("one", "other")
    words = gardener.button("3 later messages on the other branch")
    expect(words).to_be_visible()
    words.click()
    gardener.sees_questions("one", "two", "three")
    expect(words).to_have_count(0)
    gardener.sees("1 / 2")


def test_keys_step_through_the_alternatives_of_the_message_one_stands_on(gardener: Gardener) -> None:
    gardener.grows()
    gardener.button("Edit", gardener.questions.nth(1)).focus()
    gardener.presses("[")
    gardener.sees_questions("one", "two", "three")
    expect(gardener.questions.nth(1)).to_be_focused()
    gardener.presses("[")
    gardener.presses("]")
    gardener.sees_questions("one", "other")
    expect(gardener.questions.nth(1)).to_be_focused()
    gardener.message.focus()
    gardener.presses("[")
    expect(gardener.message).to_have_value("[")


# Branching off


@pytest.mark.parametrize(
    ("choice", "questions", "pieces"),
    [("This path", ["one", "other"], 3), ("This path with its alternatives", ["one", "other"], 4),
     ("Everything", ["one", "other"], 8)],
)  # fmt: skip
def test_one_branches_off(gardener: Gardener, choice: str, questions: list[str], pieces: int) -> None:
    gardener.grows()
    source = gardener.path
    gardener.does("Branch from here", gardener.questions.nth(1))
    gardener.page.get_by_role("radio", name=re.compile(rf"^{choice} \d")).check()
    gardener.button("Branch").click()
    gardener.sees("This is the branch.")
    gardener.sees_questions(*questions)
    assert gardener.path != source
    expect(gardener.page.get_by_role("heading", level=1)).to_contain_text("(branch)")
    gardener.opens_the_tree()
    expect(gardener.tree.get_by_role("treeitem")).to_have_count(pieces)
    gardener.opens(source)
    gardener.sees_questions("one", "other")


def test_one_branches_off_in_the_tree_by_a_key(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    gardener.presses("Home", "b")
    expect(gardener.page.get_by_role("dialog", name="Branch from here")).to_be_visible()
    expect(gardener.page.get_by_role("radio").first).to_be_focused()
    gardener.presses("Enter")
    gardener.sees("This is the branch.")
    gardener.sees_questions("one")
    expect(gardener.answers).to_have_count(0)

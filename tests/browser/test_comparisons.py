"""Comparisons in the page: prepared by a link, made of a chat, opened as chats, and one entry of the history."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import (
    calls,
    chooses_in,
    compares,
    opens_menu,
    pane,
    panes,
    prepares,
    said,
    sees_answers,
    texts,
)
from tests.browser.visitor import Visitor
from tests.upstream import Upstream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


# Preparing


def test_a_link_prepares_a_comparison_and_sends_nothing_by_itself(
    visitor: Visitor, upstream: Upstream
) -> None:
    before = len(calls(upstream))
    prepares(visitor, "mirror", "echo", prompt="What is\na pane?")
    expect(visitor.message).to_have_value("What is\na pane?")
    pickers = visitor.page.get_by_role("combobox", name="Model")
    assert [picker.input_value() for picker in pickers.all()] == ["mirror", "echo"]
    assert len(calls(upstream)) == before
    expect(visitor.history.get_by_role("link", name=re.compile("What is"))).to_have_count(0)
    visitor.message.press("Enter")
    sees_answers(visitor, "What is", "What is")
    assert {call.model for call in calls(upstream)[before:]} == {"mirror", "echo"}
    assert said(calls(upstream)[-1]) == [("user", "What is\na pane?")]
    expect(visitor.history.get_by_role("link", name="Comparison: What is")).to_be_visible()


def test_a_model_that_nobody_lists_is_told_and_can_be_chosen_anew(
    visitor: Visitor, upstream: Upstream
) -> None:
    prepares(visitor, "mirror", "no-such-model", prompt="Hello")
    expect(visitor.page.get_by_role("alert")).to_have_text(
        "No provider lists “no-such-model”. Choose another model for pane 2."
    )
    before = len(calls(upstream))
    visitor.message.press("Enter")
    refused = visitor.page.get_by_role("form", name="Composer").get_by_role("alert")
    expect(refused).to_contain_text("Pane 2: ")
    expect(visitor.message).to_have_value("Hello")
    assert len(calls(upstream)) == before
    chooses_in(
        visitor.page.get_by_role("listitem").filter(has=visitor.page.get_by_role("combobox")).nth(1), "parrot"
    )
    visitor.message.press("Enter")
    sees_answers(visitor, "Hello", "Hello")
    assert {call.model for call in calls(upstream)[before:]} == {"mirror", "parrot"}


def test_what_was_typed_waits_in_a_comparison_that_is_opened_without_sending(
    visitor: Visitor, upstream: Upstream
) -> None:
    before = len(calls(upstream))
    prepares(visitor, "mirror", "echo")
    visitor.button("Add pane").click()
    expect(visitor.page.get_by_role("combobox", name="Model")).to_have_count(3)
    visitor.writes("Not yet")
    visitor.button("Open without sending").click()
    expect(panes(visitor)).to_have_count(3)
    expect(visitor.message).to_have_value("Not yet")
    assert len(calls(upstream)) == before
    visitor.opens("/compare/")
    expect(visitor.message).to_have_value("")


def test_what_is_changed_in_a_prepared_text_survives_a_reload_and_no_other_link(visitor: Visitor) -> None:
    prepares(visitor, "mirror", "echo", prompt="From the link")
    visitor.message.press("End")
    visitor.message.press_sequentially(", and mine")
    visitor.reloads()
    expect(visitor.message).to_have_value("From the link, and mine")
    prepares(visitor, "mirror", "echo", prompt="Another")
    expect(visitor.message).to_have_value("Another")
    prepares(visitor, "mirror", "echo")
    expect(visitor.message).to_have_value("")


# To and from chats, and in the history


def test_a_chat_is_compared_with_a_copy_of_itself(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "In a chat")
    visitor.sees_answer("In a chat")
    chat = visitor.path
    visitor.button("Compare").click()
    expect(panes(visitor)).to_have_count(2)
    for number in (1, 2):
        expect(texts(pane(visitor, number))).to_have_text(["In a chat", "In a chat"])
        expect(pane(visitor, number).get_by_role("combobox", name="Model")).to_have_value("mirror")
    before = len(calls(upstream))
    chooses_in(pane(visitor, 2), "echo")
    visitor.sends("And now?")
    sees_answers(visitor, "And now?", "And now?")
    for call in calls(upstream)[before:]:
        assert [text for _, text in said(call)] == ["In a chat", "In a chat", "And now?"]
    pane(visitor, 1).get_by_role("button", name="More of pane 1").click()
    visitor.page.get_by_role("menuitem", name="Open as a chat").click()
    visitor.page.wait_for_url(f"**{chat}")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("And now?")
    expect(visitor.history.get_by_role("listitem").filter(has_text="In a chat")).to_have_count(2)


def test_a_pane_that_is_opened_as_a_chat_goes_on_as_one(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="Side by side")
    sees_answers(visitor, "Side by side", "Side by side")
    comparison = visitor.path
    opens_menu(pane(visitor, 2), "Open as a chat")
    visitor.sees_answer("Side by side")
    visitor.sends("Alone")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("Alone")
    assert calls(upstream)[-1].model == "echo"
    visitor.opens(comparison)
    expect(texts(pane(visitor, 2)).last).to_have_text("Alone")
    expect(texts(pane(visitor, 1)).last).to_have_text("Side by side")


def test_history_lists_a_comparison_as_one_entry(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Quokkas against wombats")
    sees_answers(visitor, "Quokkas", "Quokkas")
    rows = visitor.history.get_by_role("listitem")
    entry = rows.filter(has_text="Quokkas against wombats")
    expect(entry).to_have_count(1)
    expect(entry.get_by_role("link")).to_have_attribute("aria-current", "page")
    visitor.button("Rename").click()
    visitor.field("Title").fill("Marsupials")
    visitor.field("Title").press("Enter")
    entry = rows.filter(has_text="Marsupials")
    expect(entry.get_by_role("link")).to_have_accessible_name("Comparison: Marsupials")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Marsupials")
    search = visitor.page.get_by_role("searchbox", name="Search conversations")
    search.fill("nothing has this name")
    expect(rows).to_have_count(0)
    search.fill("marsup")
    expect(rows).to_have_count(1)
    search.fill("")
    visitor.button("Pin Marsupials").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(rows.first).to_contain_text("Marsupials")
    visitor.button("Unpin Marsupials").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_have_count(0)
    visitor.button("Delete Marsupials").press("Enter")
    expect(entry).to_have_count(0)
    visitor.button("Undo").click()
    expect(entry).to_have_count(1)
    visitor.reloads()
    sees_answers(visitor, "Quokkas", "Quokkas")

"""What another tab does to the panes of a comparison arrives, is told, and loses nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import (
    answers,
    calls,
    chooses_in,
    compares,
    expect_models,
    opens_menu,
    pane,
    panes,
    sees_answers,
    texts,
)
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def test_a_pane_removed_in_another_tab_while_it_streams_is_told_and_the_others_go_on(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    other = visitor.opens_a_second_tab()
    gates = {model: Gate() for model in ("mirror", "echo", "parrot")}
    for model, gate in gates.items():
        upstream.script(stream(f"{model} begins", gate, ", and ends"), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "mirror begins", "echo begins", "parrot begins", status="running")
    sees_answers(other, "mirror begins", "echo begins", "parrot begins", status="running")
    other.button("Remove pane", pane(other, 2)).click()
    visitor.sees("Pane 2 was removed in another tab.")
    expect_models(visitor, "mirror", "parrot")
    expect(other.page.get_by_text("was removed in another tab")).to_have_count(0)
    removed = next(call for call in reversed(calls(upstream)) if call.model == "echo")
    assert upstream.wait_for_close(removed)
    for gate in gates.values():
        gate.open()
    for tab in (visitor, other):
        sees_answers(tab, "mirror begins, and ends", "parrot begins, and ends")
        expect(tab.button("Stop")).to_have_count(0)
    other.button("Undo").click()
    for tab in (visitor, other):
        expect_models(tab, "mirror", "echo", "parrot")
        expect(answers(pane(tab, 2)).last).to_have_attribute("data-status", "stopped")
        expect(texts(pane(tab, 2)).last).to_have_text("echo begins")


def test_panes_that_are_added_and_moved_in_another_tab_arrive(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="one")
    sees_answers(visitor, "one", "one")
    other = visitor.opens_a_second_tab()
    opens_menu(pane(other, 2), "Duplicate")
    expect_models(other, "mirror", "echo", "echo")
    chooses_in(pane(other, 3), "parrot")
    expect_models(visitor, "mirror", "echo", "echo")
    other.button("Move pane 1").focus()
    other.presses("ArrowRight")
    expect_models(visitor, "echo", "mirror", "echo")
    visitor.message.focus()
    other.sends("two")
    for tab in (other, visitor):
        sees_answers(tab, "two", "two", "two")
        for number in (1, 2, 3):
            expect(texts(pane(tab, number))).to_have_text(["one", "one", "two", "two"])


def test_a_pane_that_the_page_has_not_heard_of_is_not_left_out_in_silence(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo")
    visitor.page.route("**/order/", lambda route: route.abort())
    other = visitor.opens_a_second_tab()
    other.button("Add pane").click()
    expect(panes(other)).to_have_count(3)
    before = len(calls(upstream))
    visitor.sends("Hello")
    visitor.sees("Another tab has added or removed panes. Look at them, then try again.")
    expect(visitor.message).to_have_value("Hello")
    assert len(calls(upstream)) == before


def test_a_comparison_deleted_in_another_tab_is_told_and_the_text_stays(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Short-lived")
    sees_answers(visitor, "Short-lived", "Short-lived")
    other = visitor.opens_a_second_tab()
    other.button("Delete Short-lived").press("Enter")
    expect(other.button("Undo")).to_be_visible()
    visitor.sends("Are you there?")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    expect(visitor.message).to_have_value("Are you there?")
    other.button("Undo").click()
    expect(other.button("Delete Short-lived")).to_have_count(1)
    visitor.message.press("Enter")
    sees_answers(visitor, "Are you there?", "Are you there?")

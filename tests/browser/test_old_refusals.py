"""What was refused beneath the panes does not stay there once it is no longer true."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import answers, compares, pane, panes, sees_answers
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def refusal(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("form", name="Composer").get_by_role("alert")


def test_that_a_pane_still_answers_is_not_said_after_its_end(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    gates = {model: Gate() for model in ("mirror", "echo")}
    for model, gate in gates.items():
        upstream.script(stream("Slowly", gate, ", to the end"), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "Slowly", "Slowly", status="running")
    visitor.sends("And?")
    expect(refusal(visitor)).to_contain_text("Pane 1 is still answering.")
    gates["echo"].open()
    expect(answers(pane(visitor, 2)).last).to_have_attribute("data-status", "finished")
    expect(refusal(visitor)).to_contain_text("Pane 1 is still answering.")
    gates["mirror"].open()
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "finished")
    expect(refusal(visitor)).to_be_visible()  # Nobody has read it yet.
    expect(refusal(visitor)).to_have_count(0)
    expect(visitor.message).to_have_value("And?")


def test_that_panes_are_too_few_is_not_said_once_another_tab_has_added_one(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.button("Remove pane", pane(visitor, 1)).click()
    expect(refusal(visitor)).to_contain_text("at least 2 panes")
    visitor.opens_a_second_tab().button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    expect(refusal(visitor)).to_have_count(0)


def test_what_an_end_does_not_change_stays(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    gate = Gate()
    upstream.script(stream("Slowly", gate, "."), model="mirror")
    visitor.sends("Hello")
    expect(answers(pane(visitor, 2)).last).to_have_attribute("data-status", "finished")
    visitor.button("Remove pane", pane(visitor, 2)).click()
    expect(refusal(visitor)).to_contain_text("at least 2 panes")
    gate.open()
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "finished")
    visitor.page.wait_for_timeout(3_500)
    expect(refusal(visitor)).to_contain_text("at least 2 panes")

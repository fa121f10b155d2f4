"""An answer is drawn once while it streams, whatever else the page swaps meanwhile."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import compares, expect_models, pane, sees_answers, texts
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def facts(answer: Locator) -> Locator:
    return answer.get_by_role("list", name="Facts")


def deletes_a_chat(visitor: Visitor, title: str) -> None:
    """Another one than the page shows: what comes back is swapped into the history."""
    visitor.button(f"Delete {title}", visitor.history).press("Enter")
    expect(visitor.button(f"Delete {title}", visitor.history)).to_have_count(0)


def test_a_chat_is_drawn_once_while_another_one_is_deleted(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "In the way")
    visitor.sees_answer("In the way")
    begun, further = Gate(), Gate()
    upstream.script(stream("It begins", begun, ", goes on", further, ", and ends"))
    visitor.asks("mirror", "Hello")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("It begins")
    deletes_a_chat(visitor, "In the way")
    begun.open()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("It begins, goes on")
    visitor.sees_status("running")
    further.open()
    visitor.sees_answer("It begins, goes on, and ends")


def test_panes_are_drawn_once_while_one_is_removed(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    begun, further = Gate(), Gate()
    for model in ("mirror", "echo", "parrot"):
        upstream.script(stream(f"{model} begins", begun, ", goes on", further, ", and ends"), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "mirror begins", "echo begins", "parrot begins", status="running")
    visitor.button("Remove pane", pane(visitor, 2)).click()
    expect_models(visitor, "mirror", "parrot")
    begun.open()
    for number, model in ((1, "mirror"), (2, "parrot")):
        expect(texts(pane(visitor, number)).last).to_have_text(f"{model} begins, goes on")
    sees_answers(visitor, "goes on", "goes on", status="running")
    further.open()
    sees_answers(visitor, "mirror begins, goes on, and ends", "parrot begins, goes on, and ends")


def test_the_facts_of_an_answer_that_another_tab_stopped_are_those_of_its_end(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.asks("mirror", "Out of the way")
    visitor.sees_answer("Out of the way")
    gate = Gate()
    upstream.script(stream(gate, "Too late"))
    visitor.asks("mirror", "Hello")
    expect(facts(visitor.answers.last)).to_contain_text("waiting for the first token")
    deletes_a_chat(visitor, "Out of the way")
    other = visitor.opens_a_second_tab()
    other.stops()
    visitor.sees_status("stopped")
    told = facts(visitor.answers.last).inner_text()
    # A clock that nobody stopped would write over them each second.
    visitor.page.wait_for_timeout(1500)
    assert facts(visitor.answers.last).inner_text() == told
    assert "waiting" not in told
    gate.open()

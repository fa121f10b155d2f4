"""How the answers of a comparison begin, and what becomes a message in its panes though nobody is asked."""

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import calls, compares, link, pane, said, sees_answers, texts
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.upstream import Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def test_the_answers_of_all_linked_panes_begin_as_one_types(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    for model in ("mirror", "echo"):
        upstream.script(stream(" a time"), model=model)
    before = len(upstream.requests)
    start = visitor.field("Start of the answer")
    expect(start).to_be_hidden()
    visitor.button("Start the answer").click()
    expect(start).to_be_focused()
    start.fill("Once upon")
    visitor.writes("A tale")
    expect(visitor.page.get_by_role("list", name="Estimate")).to_contain_text("tokens in")
    visitor.reloads()
    expect(start).to_have_value("Once upon")
    visitor.message.press("Enter")
    sees_answers(visitor, "Once upon a time", "Once upon a time")
    assert [said(call)[-1] for call in calls(upstream, before)] == [("assistant", "Once upon")] * 2
    expect(start).to_be_hidden()


def test_a_message_is_added_to_all_linked_panes(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    before = len(upstream.requests)
    visitor.button("Start the answer").click()
    visitor.field("Start of the answer").fill("For later")
    visitor.writes("Be kind")
    visitor.button("Add without sending").click()
    visitor.page.get_by_role("menuitem", name="Add as a system message").click()
    for number in (1, 2):
        expect(texts(pane(visitor, number))).to_have_text(["Be kind"])
    expect(visitor.message).to_have_value("")
    expect(visitor.field("Start of the answer")).to_have_value("For later")
    assert calls(upstream, before) == []


def test_one_pane_is_written_to_in_the_same_ways(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    upstream.script(stream(" a time"), model="echo")
    second = pane(visitor, 2)
    expect(visitor.button("More ways to write to pane 2")).to_be_hidden()
    link(second, "Input").click()
    field = visitor.field("Message to pane 2")
    field.fill("Be kind")
    visitor.button("More ways to write to pane 2").click()
    expect(visitor.page.get_by_role("menuitem", name="Start the answer")).to_be_focused()
    visitor.page.get_by_role("menuitem", name="Add as a system message").click()
    expect(texts(second)).to_have_text(["Be kind"])
    expect(field).to_have_value("")
    visitor.button("More ways to write to pane 2").click()
    expect(visitor.page.get_by_role("menuitem", name="Start the answer")).to_be_focused()
    visitor.presses("Enter")
    start = visitor.field("Start of the answer of pane 2")
    expect(start).to_be_focused()
    assert complaints(visitor) == []
    start.fill("Once upon")
    field.fill("A tale")
    start.press("Control+Enter")
    expect(texts(second).last).to_have_text("Once upon a time")
    assert [turn[0] for turn in said(calls(upstream)[-1])] == ["system", "user", "assistant"]
    expect(start).to_be_hidden()
    expect(texts(pane(visitor, 1))).to_have_count(0)


def test_where_a_model_begins_again_it_is_said_before_anything_is_sent(visitor: Visitor) -> None:
    compares(visitor, "mirror", "demo/showcase")
    visitor.button("Start the answer").click()
    words = visitor.page.get_by_text("A model here is known to begin again instead of going on.")
    expect(words).to_be_visible()
    link(pane(visitor, 2), "Input").click()
    expect(words).to_be_hidden()

"""A pane that is read at its end shows the end when it becomes narrower; who reads further up stays there."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import compares, opens_menu, pane, panes, sees_answers
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")
# Lines that break anew in a pane of another width.
LONG = "\n\n".join(f"Paragraph {number}: " + "so many words, " * 12 for number in range(40))


def compares_at_length(visitor: Visitor, upstream: Upstream) -> None:
    visitor.page.set_viewport_size({"width": 1500, "height": 800})
    compares(visitor, "mirror", "echo")
    for model in ("mirror", "echo"):
        upstream.script(stream(LONG, "\n\nThe end."), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "The end.", "The end.")
    for number in (1, 2):
        sees_end(pane(visitor, number))


def room(place: Locator) -> Locator:
    return place.locator(".pane__messages")


def sees_end(place: Locator) -> None:
    """Also after whatever follows a change of its width."""
    place.page.wait_for_timeout(300)
    assert room(place).evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight") < 2
    expect(place.get_by_role("button", name="Jump to latest")).to_be_hidden()


def test_panes_keep_the_end_when_another_one_is_added(visitor: Visitor, upstream: Upstream) -> None:
    compares_at_length(visitor, upstream)
    visitor.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    for number in (1, 2):
        sees_end(pane(visitor, number))
    visitor.button("Remove pane", pane(visitor, 3)).click()
    expect(panes(visitor)).to_have_count(2)
    for number in (1, 2):
        sees_end(pane(visitor, number))


def test_panes_keep_the_end_when_one_is_duplicated(visitor: Visitor, upstream: Upstream) -> None:
    compares_at_length(visitor, upstream)
    opens_menu(pane(visitor, 1), "Duplicate")
    expect(panes(visitor)).to_have_count(3)
    for number in (1, 2, 3):
        sees_end(pane(visitor, number))


def test_panes_keep_the_end_when_the_drawer_opens_and_closes(visitor: Visitor, upstream: Upstream) -> None:
    compares_at_length(visitor, upstream)
    visitor.button("Settings of pane 1").click()
    expect(visitor.number("Temperature")).to_be_visible()
    for number in (1, 2):
        sees_end(pane(visitor, number))
    visitor.button("Close settings").click()
    for number in (1, 2):
        sees_end(pane(visitor, number))


def test_who_reads_further_up_stays_there_while_it_streams_and_gets_narrower(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.page.set_viewport_size({"width": 1500, "height": 800})
    compares(visitor, "mirror", "echo")
    gate = Gate()
    for model in ("mirror", "echo"):
        upstream.script(stream(LONG, gate, *["\n\nAnd more."] * 30, "\n\nThe end."), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "Paragraph 39", "Paragraph 39", status="running")
    first = room(pane(visitor, 1))
    first.focus()
    visitor.presses("PageUp")
    expect(pane(visitor, 1).get_by_role("button", name="Jump to latest")).to_be_visible()
    gate.open()
    visitor.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    expect(pane(visitor, 1)).to_contain_text("The end.")
    visitor.page.wait_for_timeout(300)
    assert first.evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight") > 300
    expect(pane(visitor, 1).get_by_role("button", name="Jump to latest")).to_be_visible()

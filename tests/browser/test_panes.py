"""The panes of a comparison as things: added, moved, looked at, taken out."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import (
    SLOW,
    calls,
    chooses_in,
    compares,
    expect_models,
    link,
    opens_menu,
    pane,
    panes,
    sees_all,
    sees_answers,
    texts,
)
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")
LONG = "\n\n".join(f"Paragraph {number}" for number in range(60))


# Added, copied, taken out


def test_an_empty_pane_is_added_and_asked_like_the_others(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="one")
    sees_answers(visitor, "one", "one")
    visitor.button("Add pane").click()
    expect(pane(visitor, 3)).to_be_focused()
    expect(texts(pane(visitor, 3))).to_have_count(0)
    chooses_in(pane(visitor, 3), "parrot")
    before = len(calls(upstream))
    visitor.sends("two")
    sees_answers(visitor, "two", "two", "two")
    assert {call.model: len(call.body["messages"]) for call in calls(upstream)[before:]} == {
        "mirror": 3, "echo": 3, "parrot": 1
    }  # fmt: skip


def test_a_duplicate_stands_beside_and_goes_its_own_way(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="one")
    sees_answers(visitor, "one", "one")
    opens_menu(pane(visitor, 1), "Duplicate")
    expect_models(visitor, "mirror", "mirror", "echo")
    expect(texts(pane(visitor, 2))).to_have_text(["one", "one"])
    upstream.script(stream("Only here"), model="mirror")
    opens_menu(pane(visitor, 2), "Run again")
    expect(texts(pane(visitor, 2)).last).to_have_text("Only here")
    expect(texts(pane(visitor, 1)).last).to_have_text("one")
    visitor.reloads()
    sees_answers(visitor, "one", "Only here", "one")


def test_panes_are_added_and_copied_again_and_again(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    for count in (3, 4):
        visitor.button("Add pane").click()
        expect(panes(visitor)).to_have_count(count)
    for count in (5, 6):
        opens_menu(pane(visitor, 1), "Duplicate")
        expect(panes(visitor)).to_have_count(count)


def test_a_pane_that_was_removed_can_be_taken_back(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", "parrot", text="one")
    sees_answers(visitor, "one", "one", "one")
    visitor.button("Remove pane", pane(visitor, 2)).click()
    expect_models(visitor, "mirror", "parrot")
    expect(visitor.page.get_by_role("list", name="Estimate")).to_have_text("To 2 of 2 panes")
    before = len(calls(upstream))
    visitor.sends("two")
    sees_answers(visitor, "two", "two")
    assert {call.model for call in calls(upstream)[before:]} == {"mirror", "parrot"}
    visitor.button("Undo").click()
    expect_models(visitor, "mirror", "echo", "parrot")
    expect(texts(pane(visitor, 2))).to_have_text(["one", "one"])
    visitor.sends("three")
    sees_answers(visitor, "three", "three", "three")


def test_two_panes_are_the_fewest(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.button("Remove pane", pane(visitor, 2)).click()
    visitor.sees("A comparison has at least 2 panes.")
    expect_models(visitor, "mirror", "echo")


def test_sixteen_panes_are_the_most(visitor: Visitor) -> None:
    compares(visitor, *["mirror"] * 16)
    visitor.button("Add pane").click()
    visitor.sees("A comparison has at most 16 panes. Remove one first.")
    expect(panes(visitor)).to_have_count(16)


# Moved and looked at


def test_a_pane_is_moved_by_keyboard_and_keeps_the_focus(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    visitor.button("Move pane 1").focus()
    visitor.presses("ArrowRight")
    expect_models(visitor, "echo", "mirror", "parrot")
    expect(visitor.button("Move pane 2")).to_be_focused()
    visitor.presses("ArrowRight")
    expect_models(visitor, "echo", "parrot", "mirror")
    expect(visitor.button("Move pane 3")).to_be_focused()
    visitor.presses("ArrowRight")
    opens_menu(pane(visitor, 3), "Move left")
    expect_models(visitor, "echo", "mirror", "parrot")
    expect(visitor.button("More of pane 2")).to_be_focused()
    for number in (1, 2, 3):
        for name in (f"Settings of pane {number}", f"Move pane {number}", f"More of pane {number}"):
            expect(visitor.button(name, pane(visitor, number))).to_have_count(1)
    visitor.reloads()
    expect_models(visitor, "echo", "mirror", "parrot")


def test_a_pane_is_moved_by_mouse(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    visitor.button("Move pane 1").drag_to(pane(visitor, 3), target_position={"x": 60, "y": 300})
    expect_models(visitor, "echo", "parrot", "mirror")
    visitor.button("Move pane 3").drag_to(pane(visitor, 1), target_position={"x": 60, "y": 300})
    expect_models(visitor, "mirror", "echo", "parrot")
    assert visitor.page.locator("[data-drop-here]").count() == 0


def test_a_pane_that_answers_is_moved_and_goes_on(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    visitor.sends("Hello")
    expect(texts(pane(visitor, 1)).last).to_have_text("So")
    visitor.button("Move pane 1").focus()
    visitor.presses("ArrowRight")
    expect_models(visitor, "echo", "mirror")
    gate.open()
    sees_answers(visitor, "Hello", "So far")
    expect(visitor.page.locator("[data-behavior=announcer]")).to_have_text(re.compile("Pane 2 finished"))


def test_one_pane_takes_all_the_room_and_gives_it_back(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    opens_menu(pane(visitor, 2), "Maximise")
    expect(panes(visitor)).to_have_count(1)
    box = pane(visitor, 2).bounding_box()
    assert box
    assert box["width"] > 900
    visitor.presses("Alt+3")
    expect(pane(visitor, 3)).to_be_focused()
    expect(panes(visitor)).to_have_count(1)
    opens_menu(pane(visitor, 3), "Show all panes")
    expect(panes(visitor)).to_have_count(3)
    visitor.button("More of pane 2").click()
    expect(visitor.page.get_by_role("menuitem", name="Maximise", exact=True)).to_be_visible()


def test_a_maximised_pane_that_is_removed_shows_the_others(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    opens_menu(pane(visitor, 2), "Maximise")
    visitor.button("Remove pane", pane(visitor, 2)).click()
    expect_models(visitor, "mirror", "parrot")
    opens_menu(pane(visitor, 2), "Maximise")
    visitor.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)


def test_keys_go_from_pane_to_pane(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    for key, number in (
        ("Alt+2", 2), ("Alt+PageDown", 3), ("Alt+PageDown", 3), ("Alt+PageUp", 2), ("Alt+1", 1), ("Alt+PageUp", 1)
    ):  # fmt: skip
        visitor.presses(key)
        expect(pane(visitor, number)).to_be_focused()
    visitor.message.focus()
    visitor.presses("Alt+PageDown")
    expect(pane(visitor, 1)).to_be_focused()
    visitor.message.focus()
    visitor.presses("Alt+PageUp")
    expect(pane(visitor, 3)).to_be_focused()
    visitor.presses("Alt+9")
    expect(pane(visitor, 3)).to_be_focused()


def test_escape_in_a_menu_or_the_settings_closes_it_and_stops_nothing(visitor: Visitor) -> None:
    compares(visitor, SLOW, SLOW, text="Hello")
    visitor.sees_text_growing()
    visitor.button("More of pane 1").click()
    expect(visitor.page.get_by_role("menuitem", name="Duplicate")).to_be_focused()
    visitor.presses("ArrowUp", "ArrowDown", "ArrowDown")
    expect(visitor.page.get_by_role("menuitem", name="Run again")).to_be_focused()
    visitor.presses("Escape")
    expect(visitor.page.get_by_role("menu")).to_have_count(0)
    expect(visitor.button("More of pane 1")).to_be_focused()
    visitor.button("Settings of pane 2").click()
    expect(visitor.number("Temperature")).to_be_visible()
    visitor.presses("Escape")
    expect(visitor.number("Temperature")).to_be_hidden()
    expect(visitor.button("Settings of pane 2")).to_be_focused()
    sees_all(visitor, "running", 2)
    visitor.presses("Escape")
    sees_all(visitor, "stopped", 2)


def scroll_part(place: Locator) -> float:
    """Where it is scrolled to, from 0 to 1."""
    log = place.get_by_role("log")
    return float(log.evaluate("log => log.scrollTop / (log.scrollHeight - log.clientHeight)"))


def test_linked_panes_scroll_along_and_others_do_not(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    for model, text in (("mirror", LONG), ("echo", LONG + LONG), ("parrot", LONG)):
        upstream.script(stream(text), model=model)
    link(pane(visitor, 3), "Scroll").click()
    visitor.sends("At length")
    sees_all(visitor, "finished", 3)
    for number in (1, 2, 3):
        pane(visitor, number).get_by_role("log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
    log = pane(visitor, 1).get_by_role("log")
    log.hover()
    visitor.page.mouse.wheel(0, -600)
    expect(visitor.button("Jump to latest", pane(visitor, 2))).to_be_visible()
    visitor.page.wait_for_timeout(300)
    here = scroll_part(pane(visitor, 1))
    assert 0 < here < 0.9
    assert scroll_part(pane(visitor, 2)) == pytest.approx(here, abs=0.02)
    assert scroll_part(pane(visitor, 3)) > 0.98
    pane(visitor, 3).get_by_role("log").hover()
    visitor.page.mouse.wheel(0, -300)
    expect(visitor.button("Jump to latest", pane(visitor, 3))).to_be_visible()
    assert scroll_part(pane(visitor, 1)) == pytest.approx(here, abs=0.001)
    visitor.button("Jump to latest", pane(visitor, 1)).click()
    expect(visitor.button("Jump to latest", pane(visitor, 1))).to_be_hidden()


# Whatever is done with it

IDS_TWICE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id)
    return ids.filter((id, number) => ids.indexOf(id) !== number)
}"""


def test_no_id_stands_twice_in_the_page(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Hello")
    sees_all(visitor, "finished", 2)
    opens_menu(pane(visitor, 2), "Duplicate")
    expect(panes(visitor)).to_have_count(3)
    for number in (1, 3):
        visitor.button(f"Settings of pane {number}").click()
        whose = visitor.page.get_by_role("region", name="Whose settings these are")
        expect(whose).to_contain_text(f"Pane {number}")
        pane(visitor, number).get_by_role("combobox", name="Model").click()
        expect(pane(visitor, number).get_by_role("option").first).to_be_visible()
        assert visitor.evaluate(IDS_TWICE) == []
        visitor.presses("Escape")

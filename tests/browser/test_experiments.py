"""Sweeps and repeats: several values of one thing, and the same thing several times."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import answers, calls, compares, pane, panes, sees_all
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.experiments.test_sweeps import assert_only
from tests.servers import Server
from tests.upstream import Gate, Hang, Head, Script, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def opens_sweep(visitor: Visitor) -> Locator:
    visitor.picks("Sweep")
    dialog = visitor.page.get_by_role("dialog", name="Sweep")
    expect(dialog.get_by_role("combobox", name="What varies")).to_be_visible()
    return dialog


def varies(dialog: Locator, what: str) -> None:
    dialog.get_by_role("combobox", name="What varies").select_option(label=what)


def runs(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Run sweep").click()


def moves_on(visitor: Visitor, dialog: Locator) -> None:
    """To the page as it is after it, in which the dialog is closed."""
    with visitor.page.expect_navigation():
        runs(dialog)


# Sweeps


def test_a_sweep_over_temperature_gives_a_pane_for_each_value(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="Once more")
    sees_all(visitor, "finished", 2)
    before = len(calls(upstream))
    dialog = opens_sweep(visitor)
    values = dialog.get_by_role("textbox", name="Values")
    values.fill("0, 0.3\n\n3")
    expect(dialog.get_by_role("status")).to_have_text("4 values: 0, 0.3, not set, 3")
    runs(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("“3” cannot be: Temperature must be from 0 to 2.")
    values.fill("0, 0.3\n\n1")
    moves_on(visitor, dialog)
    expect(panes(visitor)).to_have_count(5)
    sees_all(visitor, "finished", 5)
    assert_only({"temperature"}, [call.body for call in calls(upstream)[before:]])
    for number, temperature in ((1, "0"), (2, "0.3"), (4, "1")):
        expect(pane(visitor, number).get_by_role("definition").first).to_have_text(temperature)


def test_what_was_typed_stays_when_the_dialog_is_closed_and_opened(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    dialog = opens_sweep(visitor)
    dialog.get_by_role("textbox", name="Values").fill("0\n1")
    dialog.get_by_role("combobox", name="Pane").select_option(label="Pane 2: echo")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    visitor.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    dialog = opens_sweep(visitor)
    expect(dialog.get_by_role("textbox", name="Values")).to_have_value("0\n1")
    expect(dialog.get_by_role("combobox", name="Pane").locator("option")).to_have_count(3)
    expect(dialog.get_by_role("combobox", name="Pane").locator("option:checked")).to_have_text("Pane 2: echo")


def test_models_are_found_and_chosen(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="Who?")
    sees_all(visitor, "finished", 2)
    before = len(calls(upstream))
    dialog = opens_sweep(visitor)
    varies(dialog, "The model")
    dialog.get_by_role("checkbox", name=re.compile("^parrot")).check()
    dialog.get_by_role("searchbox", name="Find models").fill("chor")
    expect(dialog.get_by_role("checkbox", name=re.compile("^parrot"))).to_be_hidden()
    dialog.get_by_role("checkbox", name=re.compile("^chorus")).check()
    expect(dialog.get_by_role("status")).to_have_text("2 values")
    moves_on(visitor, dialog)
    expect(panes(visitor)).to_have_count(3)
    sees_all(visitor, "finished", 3)
    assert {call.model for call in calls(upstream)[before:]} == {"parrot", "chorus"}


def test_values_of_several_lines_have_fields_of_their_own(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="Hello")
    sees_all(visitor, "finished", 2)
    before = len(calls(upstream))
    dialog = opens_sweep(visitor)
    dialog.get_by_role("combobox", name="Parameter").select_option(label="Stop sequences")
    dialog.get_by_role("textbox", name="Value 1").fill("END\nSTOP")
    dialog.get_by_role("textbox", name="Value 2").fill("gone")
    dialog.get_by_role("button", name="Add another").click()
    expect(dialog.get_by_role("textbox", name="Value 3")).to_be_focused()
    dialog.get_by_role("textbox", name="Value 3").fill("a, b")
    dialog.get_by_role("button", name="Remove value 2").click()
    expect(dialog.get_by_role("textbox", name="Value 2")).to_have_value("a, b")
    expect(dialog.get_by_role("status")).to_have_text("2 values")
    dialog.get_by_role("radio", name=re.compile("an alternative answer")).check()
    moves_on(visitor, dialog)
    expect(panes(visitor)).to_have_count(2)
    expect(pane(visitor, 1).get_by_role("status").filter(has_text="/ 3")).to_have_text("2 / 3")
    stops = [call.body["stop"] for call in calls(upstream)[before:]]
    assert sorted(stops) == [["END", "STOP"], ["a, b"]]


def test_a_chat_is_swept_in_place(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    before = len(calls(upstream))
    dialog = opens_sweep(visitor)
    expect(dialog.get_by_role("combobox", name="Pane")).to_have_count(0)
    varies(dialog, "The system prompt")
    dialog.get_by_role("textbox", name="System prompt 1").fill("Be brief.")
    dialog.get_by_role("textbox", name="System prompt 2").fill("Be long.\nBe clear.")
    moves_on(visitor, dialog)
    visitor.sees_answer("Hello")
    expect(visitor.answers.last).to_contain_text("2 / 3")
    sent = [call.body["messages"] for call in calls(upstream)[before:]]
    assert sorted(turns[0]["content"] for turns in sent) == ["Be brief.", "Be long.\nBe clear."]


def test_what_cannot_be_loaded_is_said(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.page.route("**/sweep/*", lambda route: route.abort())
    visitor.picks("Sweep")
    dialog = visitor.page.get_by_role("dialog", name="Sweep")
    expect(dialog.get_by_role("alert")).to_contain_text("There is no connection to the server.")
    dialog.get_by_role("button", name="Cancel").click()
    visitor.page.unroute("**/sweep/*")
    opens_sweep(visitor)
    expect(dialog.get_by_role("alert")).to_have_count(0)


# Repeats


def repeats(visitor: Visitor, times: int) -> None:
    visitor.number("Times").fill(str(times))
    visitor.button("Repeat").click()


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("row", name=re.compile(f"^{name}"))


def test_one_asks_the_same_again_and_sees_how_the_answers_agree(visitor: Visitor, upstream: Upstream) -> None:
    for word in ("heads", "tails", "heads", "heads", "Heads"):
        upstream.script(stream(word), model="mirror")
    visitor.asks("mirror", "Toss")
    visitor.sees_answer("heads")
    visitor.picks("Repeat", visitor.answers.last)
    expect(visitor.page.get_by_role("heading", name="Repeats of mirror")).to_be_visible()
    visitor.sees("1 of 1")
    repeats(visitor, 4)
    visitor.sees("3 of 5")
    visitor.sees("2 but for space and case")
    visitor.sees("60 %")
    expect(row(visitor, "Characters")).to_contain_text("5")
    first = visitor.page.get_by_role("list", name="Those that say it").first
    expect(first.get_by_role("link")).to_have_count(3)
    visitor.page.get_by_role("link", name="Back to the conversation").click()
    visitor.sees_answer("heads")
    expect(visitor.answers.last).to_contain_text("1 / 5")


def test_they_are_shown_as_they_run_and_stopped_together(visitor: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("first"), model="mirror")
    upstream.script(stream(gate, "second"), model="mirror")
    for _ in range(2):
        upstream.script(Script([Head(), Hang()]), model="mirror")
    visitor.asks("mirror", "Go on")
    visitor.sees_answer("first")
    visitor.picks("Repeat", visitor.answers.last)
    repeats(visitor, 3)
    visitor.sees("3 running")
    gate.open()
    visitor.sees("2 running")
    visitor.sees("second")
    visitor.button("Stop all").click()
    visitor.sees("2 stopped")
    expect(visitor.button("Stop all")).to_have_count(0)


def test_a_number_that_is_none_is_told(visitor: Visitor) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    visitor.picks("Repeat", visitor.answers.last)
    visitor.page.evaluate("document.querySelector('[name=times]').form.noValidate = true")
    repeats(visitor, 21)
    expect(visitor.page.get_by_role("alert")).to_have_text("Choose a number of times from 1 to 20.")
    visitor.sees("1 of 1")
    repeats(visitor, 1)
    visitor.sees("2 of 2")
    expect(visitor.page.get_by_role("alert")).to_have_count(0)


def test_the_panes_of_a_comparison_are_repeated_side_by_side(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="Hello")
    sees_all(visitor, "finished", 2)
    visitor.picks("Repeat")
    expect(row(visitor, "Pane 2 echo")).to_contain_text("100 %")
    repeats(visitor, 3)
    for number in (1, 2):
        expect(row(visitor, f"Pane {number}").get_by_role("cell").first).to_have_text("4")
    visitor.page.get_by_role("link", name="Pane 2").click()
    expect(visitor.page.get_by_role("heading", name="Repeats of echo")).to_be_visible()
    visitor.page.get_by_role("link", name="Back to the comparison").click()
    expect(answers(pane(visitor, 2)).last).to_contain_text("1 / 4")


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(
    server: Server, invite: Callable[..., Visitor], upstream: Upstream, scheme: str, width: int
) -> None:
    visitor = invite(
        server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    upstream.script(stream("# Heads\n\n" + "word " * 500), model="mirror")
    compares(visitor, "mirror", "echo", text="Hello")
    sees_all(visitor, "finished", 2)
    dialog = opens_sweep(visitor)
    for kind in ("A parameter", "The model", "The system prompt", "The version of a saved prompt"):
        varies(dialog, kind)
        assert complaints(visitor) == []
    varies(dialog, "A parameter")
    runs(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("at least two values")
    assert complaints(visitor) == []
    dialog.get_by_role("button", name="Cancel").click()
    visitor.picks("Repeat")
    repeats(visitor, 2)
    expect(row(visitor, "Pane 2").get_by_role("cell").first).to_have_text("3")
    assert complaints(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.page.get_by_role("link", name="Pane 1").click()
    visitor.sees("1 of 3")
    visitor.page.get_by_text("How this is counted").click()
    assert complaints(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")

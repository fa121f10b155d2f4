"""Models asked together: each in its own pane, which stops, fails and runs again by itself."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.side_by_side import (
    SLOW,
    answers,
    calls,
    chooses_in,
    compares,
    figure,
    link,
    opens_menu,
    pane,
    questions,
    said,
    sees_all,
    sees_answers,
    texts,
)
from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, reply, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


# Asking


def test_panes_answer_at_once_over_one_socket(visitor: Visitor, upstream: Upstream) -> None:
    sockets: list[str] = []
    visitor.page.on("websocket", lambda socket: sockets.append(socket.url))
    compares(visitor, "mirror", "echo")
    sockets.clear()
    visitor.reloads()
    gates = {"mirror": Gate(), "echo": Gate()}
    for model, gate in gates.items():
        upstream.script(stream(f"{model} begins", gate, f", {model} ends"), model=model)
    visitor.sends("Hello")
    sees_answers(visitor, "mirror begins", "echo begins", status="running")
    gates["echo"].open()
    expect(answers(pane(visitor, 2)).last).to_have_attribute("data-status", "finished")
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "running")
    gates["mirror"].open()
    sees_answers(visitor, "mirror begins, mirror ends", "echo begins, echo ends")
    assert len(sockets) == 1


def test_a_second_turn_holds_what_was_said_in_its_own_pane(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    for model in ("mirror", "echo"):
        upstream.script(stream(f"The secret of {model}"), model=model)
    visitor.sends("Say a secret")
    sees_answers(visitor, "The secret of mirror", "The secret of echo")
    before = len(calls(upstream))
    visitor.sends("Which one?")
    sees_answers(visitor, "Which one?", "Which one?")
    for call in calls(upstream)[before:]:
        assert said(call) == [
            ("user", "Say a secret"), ("assistant", f"The secret of {call.model}"), ("user", "Which one?")
        ]  # fmt: skip
    assert {call.model for call in calls(upstream)[before:]} == {"mirror", "echo"}
    for number in (1, 2):
        expect(pane(visitor, number)).to_contain_text("Saw only its own thread: 3 messages")


def test_the_model_that_stands_in_a_pane_is_asked(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="one")
    sees_answers(visitor, "one", "one")
    before = len(calls(upstream))
    chooses_in(pane(visitor, 2), "parrot")
    visitor.sends("two")
    sees_answers(visitor, "two", "two")
    assert sorted(call.model for call in calls(upstream)[before:]) == ["mirror", "parrot"]
    visitor.reloads()
    expect(pane(visitor, 2).get_by_role("combobox", name="Model")).to_have_value("parrot")
    expect(pane(visitor, 1).get_by_role("combobox", name="Model")).to_have_value("mirror")


def test_nothing_is_sent_while_a_fed_pane_answers(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="echo")
    visitor.sends("one")
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "finished")
    before = len(calls(upstream))
    visitor.sends("two")
    visitor.sees("Pane 2 is still answering. Stop it, wait for the end, or unlink it.")
    expect(visitor.message).to_have_value("two")
    assert len(calls(upstream)) == before
    link(pane(visitor, 2), "Input").click()
    expect(visitor.button("Send")).to_have_attribute("aria-disabled", "false")
    visitor.message.press("Enter")
    expect(texts(pane(visitor, 1)).last).to_have_text("two")
    gate.open()
    sees_answers(visitor, "two", "So far")


def test_a_send_that_does_not_reach_the_server_keeps_the_text_and_happens_once(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo")
    before = len(calls(upstream))
    visitor.page.route("**/compare/*/messages/", lambda route: route.abort())
    visitor.sends("Are you there?")
    visitor.sees("Your text is still here")
    expect(visitor.message).to_have_value("Are you there?")
    visitor.page.unroute_all()
    visitor.message.press("Enter")
    sees_answers(visitor, "Are you there?", "Are you there?")
    expect(visitor.message).to_have_value("")
    assert len(calls(upstream)) == before + 2


def test_an_answer_that_is_lost_on_its_way_is_not_asked_for_twice(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo")
    before = len(calls(upstream))

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route("**/compare/*/messages/", lose, times=1)
    visitor.sends("Once")
    visitor.sees("Your text is still here")
    visitor.message.press("Enter")
    expect(visitor.message).to_have_value("")
    sees_answers(visitor, "Once", "Once")
    for number in (1, 2):
        expect(texts(pane(visitor, number))).to_have_text(["Once", "Once"])
    assert len(calls(upstream)) == before + 2


def test_an_error_in_one_pane_does_not_disturb_the_other(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "error-500", "echo")
    upstream.script(reply(401, {"error": {"message": "Not with this key."}}), model="error-500")
    visitor.sends("one")
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "failed")
    expect(pane(visitor, 1)).to_contain_text("Not with this key.")
    expect(answers(pane(visitor, 2)).last).to_have_attribute("data-status", "finished")
    expect(figure(pane(visitor, 1), "Finish")).to_have_text("failed")
    expect(figure(pane(visitor, 2), "Finish")).to_have_text("stop")
    chooses_in(pane(visitor, 1), "mirror")
    visitor.button("Retry", pane(visitor, 1)).click()
    expect(texts(pane(visitor, 1)).last).to_have_text("one")
    visitor.sends("two")
    sees_answers(visitor, "two", "two")


# Stopping and running again


def test_one_pane_stops_and_the_others_go_on(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, SLOW, "echo", SLOW)
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="echo")
    visitor.sends("Hello")
    sees_all(visitor, "running", 3)
    visitor.sees_text_growing()
    visitor.button("Stop", pane(visitor, 1)).click()
    expect(answers(pane(visitor, 1)).last).to_have_attribute("data-status", "stopped")
    expect(visitor.button("Stop", pane(visitor, 1))).to_be_hidden()
    for number in (2, 3):
        expect(answers(pane(visitor, number)).last).to_have_attribute("data-status", "running")
    visitor.message.focus()
    visitor.presses("Escape")
    sees_all(visitor, "stopped", 3)
    gate.open()
    expect(visitor.button("Stop")).to_have_count(0)
    expect(visitor.message).to_be_focused()


def test_the_large_stop_stops_all_of_them(visitor: Visitor) -> None:
    compares(visitor, SLOW, SLOW, text="Hello")
    visitor.sees_text_growing()
    visitor.button("Stop", visitor.page.get_by_role("form", name="Composer", exact=True)).click()
    sees_all(visitor, "stopped", 2)


def test_one_pane_is_run_alone_and_all_are_run_again(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="Hello")
    sees_answers(visitor, "Hello", "Hello")
    before = len(calls(upstream))
    upstream.script(stream("Alone"), model="echo")
    opens_menu(pane(visitor, 2), "Run again")
    sees_answers(visitor, "Hello", "Alone")
    expect(answers(pane(visitor, 2)).last.get_by_role("status")).to_have_text("2 / 2")
    assert [call.model for call in calls(upstream)[before:]] == ["echo"]
    for model in ("mirror", "echo"):
        upstream.script(stream(f"Once more, {model}"), model=model)
    visitor.button("Run again").click()
    sees_answers(visitor, "Once more, mirror", "Once more, echo")
    expect(answers(pane(visitor, 1)).last.get_by_role("status")).to_have_text("2 / 2")
    expect(answers(pane(visitor, 2)).last.get_by_role("status")).to_have_text("3 / 3")
    for number in (1, 2):
        expect(texts(pane(visitor, number))).to_have_count(2)


def test_alternatives_and_edits_of_a_pane_stay_in_it(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", text="first")
    sees_answers(visitor, "first", "first")
    one, two = pane(visitor, 1), pane(visitor, 2)
    upstream.script(stream("Another"), model="echo")
    visitor.does("Regenerate", answers(two).last)
    sees_answers(visitor, "first", "Another")
    visitor.does("Edit", questions(one).last)
    visitor.field("Edit message").fill("changed")
    visitor.button("Save and run", one).click()
    sees_answers(visitor, "changed", "Another")
    expect(questions(one).last.get_by_role("status")).to_have_text("2 / 2")
    visitor.does("Previous alternative", answers(two).last)
    expect(texts(two)).to_have_text(["first", "first"])
    visitor.does("Delete", answers(two).last)
    expect(texts(two)).to_have_text(["first", "Another"])
    visitor.button("Undo").click()
    expect(texts(two)).to_have_text(["first", "first"])
    expect(texts(one)).to_have_text(["changed", "changed"])
    before = len(calls(upstream))
    visitor.sends("Next")
    sees_answers(visitor, "Next", "Next")
    turns = {call.model: [text for _, text in said(call)] for call in calls(upstream)[before:]}
    assert turns == {"mirror": ["changed", "changed", "Next"], "echo": ["first", "first", "Next"]}

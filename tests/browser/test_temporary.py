"""A chat that is gone with its page."""

import re

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.browser.visitor import Visitor
from tests.upstream import Gate, Say, Upstream, stream


@pytest.fixture
def chat(visitor: Visitor) -> Visitor:
    visitor.opens("/")
    visitor.page.get_by_role("link", name="Temporary chat").click()
    visitor.chooses("mirror")
    return visitor


def test_a_talk_takes_along_what_was_said_and_leaves_nothing_behind(
    chat: Visitor, upstream: Upstream
) -> None:
    chat.sends("My name is Ada")
    chat.sees_answer("My name is Ada")
    chat.sends("And yours?")
    chat.sees_answer("And yours?")
    assert [each["content"] for each in upstream.requests[-1].body["messages"]] == [
        "My name is Ada",
        "My name is Ada",
        "And yours?",
    ]
    expect(chat.history.get_by_text("My name is Ada")).to_have_count(0)
    assert chat.evaluate("() => JSON.stringify({ ...localStorage, ...sessionStorage })").count("Ada") == 0


def test_settings_and_system_prompt_are_sent_as_in_any_chat(chat: Visitor, upstream: Upstream) -> None:
    chat.field("System prompt").fill("Be brief")
    chat.number("Temperature").fill("0.4")
    chat.sends("Hello")
    chat.sees_answer("Hello")
    body = upstream.requests[-1].body
    assert body["temperature"] == 0.4
    assert body["messages"][0] == {"role": "system", "content": "Be brief"}


def test_what_is_sent_while_another_model_is_looked_up_goes_to_that_one(
    chat: Visitor, upstream: Upstream
) -> None:
    held: list[Route] = []
    is_sent: list[bool] = []
    chat.page.route("**/models/switch/", lambda route: route.continue_() if is_sent else held.append(route))
    chat.page.get_by_role("combobox", name="Model").fill("other")
    with chat.page.expect_request("**/models/switch/"):
        chat.presses("Enter")
    chat.sends("Who are you?")
    is_sent.append(True)
    for route in held:
        route.continue_()
    chat.sees_answer("Who are you?")
    assert upstream.requests[-1].body["model"] == "other"


def test_an_answer_is_stopped_and_asked_for_again(chat: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("Half", gate, " never"))
    chat.sends("Hello")
    chat.sees_text_growing()
    chat.stops()
    chat.sees_status("stopped")
    expect(chat.text_of(chat.answers.last)).to_have_text("Half")
    facts = chat.answers.last.get_by_label("Facts").get_by_role("listitem")
    told = [fact for fact in facts.all_inner_texts() if not fact.endswith(" in")]
    assert told[0] == "mirror"
    assert re.fullmatch(r"[\d,]+ ms to first token", told[1])
    assert re.fullmatch(r"[\d,.]+ m?s in all", told[2])
    assert told[3:] == ["stopped"]
    gate.open()
    upstream.script(stream("Whole"))
    chat.does("Regenerate", chat.answers.last)
    chat.sees_answer("Whole")
    expect(chat.answers).to_have_count(1)
    expect(chat.questions).to_have_count(1)


def test_what_was_stopped_is_kept_with_its_model_and_its_thoughts(chat: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream(Say("Hm.", key="reasoning_content"), "Half", gate, " never"))
    chat.sends("Hello")
    chat.sees_text_growing()
    chat.stops()
    chat.sees_status("stopped")
    gate.open()
    chat.button("Keep this chat").click()
    chat.page.wait_for_url("**/c/*/")
    expect(chat.answers.last).to_contain_text("mirror")
    expect(chat.answers.last.locator('[data-part="reasoning"]')).to_have_text("Hm.")


def test_what_was_refused_stays_where_it_was_written(chat: Visitor) -> None:
    chat.number("Number of choices").fill("2")
    chat.sends("Two, please")
    chat.sees("Unset Number of choices")
    expect(chat.message).to_have_value("Two, please")
    expect(chat.questions).to_have_count(0)


def test_who_leaves_is_asked_first(chat: Visitor) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    chat.page.on("dialog", stay)
    chat.sends("Hello")
    chat.sees_answer("Hello")
    chat.page.evaluate("() => void setTimeout(() => location.reload())")
    chat.page.wait_for_event("dialog") if not asked else None
    expect(chat.questions).to_have_count(1)


def test_it_is_kept_if_one_wants(chat: Visitor) -> None:
    chat.sends("Worth keeping")
    chat.sees_answer("Worth keeping")
    chat.button("Keep this chat").click()
    chat.page.wait_for_url("**/c/*/")
    expect(chat.text_of(chat.questions)).to_have_text("Worth keeping")
    expect(chat.history.get_by_text("Worth keeping")).to_be_visible()
    chat.sends("And on")
    chat.sees_answer("And on")


def test_what_is_deleted_is_not_sent_any_more(chat: Visitor, upstream: Upstream) -> None:
    for text in ("one", "two"):
        chat.sends(text)
        chat.sees_answer(text)
    chat.does("Delete", chat.questions.first)
    chat.does("Delete", chat.answers.first)
    chat.sends("three")
    chat.sees_answer("three")
    assert [each["content"] for each in upstream.requests[-1].body["messages"]] == ["two", "two", "three"]

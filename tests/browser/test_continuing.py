"""Continue: an answer goes on where it stands, in one article; and the start of an answer that a person types."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

FIRST = "Once  **upon\n\n"
REST = ["a time** there", " was\n\n- a king\n", "- a queen  \n"]
WHOLE = FIRST + "".join(REST)


def asks_and_stops(visitor: Visitor, upstream: Upstream, text: str = FIRST) -> None:
    gate = Gate()
    upstream.script(stream(text, gate))
    visitor.asks("mirror", "A tale")
    visitor.sees_text_growing()
    visitor.stops()
    visitor.sees_answer(status="stopped")
    gate.open()


def goes_on(visitor: Visitor) -> None:
    visitor.button("Continue").click()


def test_a_stopped_answer_goes_on_in_its_own_article(visitor: Visitor, upstream: Upstream) -> None:
    asks_and_stops(visitor, upstream)
    gate = Gate()
    upstream.script(stream(REST[0], gate, *REST[1:]))
    # What is drawn already stays where it is: nothing flickers.
    visitor.evaluate(
        "() => { document.querySelector('.message--assistant .prose').firstElementChild.kept = true }"
    )
    goes_on(visitor)
    visitor.sees_status("running")
    expect(visitor.text_of(visitor.answers.last)).to_contain_text("a time")
    assert visitor.evaluate(
        "() => document.querySelector('.message--assistant .prose').firstElementChild.kept"
    )
    expect(visitor.answers).to_have_count(1)
    gate.open()
    visitor.sees_status("finished")
    assert visitor.reads_raw(visitor.answers.last) == WHOLE
    assert upstream.requests[-1].body["messages"][-1] == {"role": "assistant", "content": FIRST}
    spans = visitor.page.get_by_role("list", name="Continuations").get_by_role("listitem")
    expect(spans.first).to_contain_text("Continued")
    visitor.reloads()
    visitor.sees_status("finished")
    assert visitor.reads_raw(visitor.answers.last) == WHOLE


def test_it_is_whole_after_a_reload_in_the_middle_and_in_a_second_tab(
    visitor: Visitor, upstream: Upstream
) -> None:
    asks_and_stops(visitor, upstream)
    second = visitor.opens_a_second_tab()
    gate, last = Gate(), Gate()
    upstream.script(stream(REST[0], gate, REST[1], last, REST[2]))
    goes_on(visitor)
    expect(second.text_of(second.answers.last)).to_contain_text("a time")
    visitor.reloads()
    gate.open()
    for tab in (visitor, second):
        expect(tab.text_of(tab.answers.last)).to_contain_text("a king")
    last.open()
    for tab in (visitor, second):
        tab.sees_status("finished")
        assert tab.reads_raw(tab.answers.last) == WHOLE
        expect(tab.answers).to_have_count(1)


def test_a_continuation_is_stopped_like_any_answer_and_goes_on_again(
    visitor: Visitor, upstream: Upstream
) -> None:
    asks_and_stops(visitor, upstream)
    upstream.script(stream(REST[0], Gate()))
    goes_on(visitor)
    expect(visitor.text_of(visitor.answers.last)).to_contain_text("a time")
    visitor.stops()
    visitor.sees_status("stopped")
    upstream.script(stream(*REST[1:]))
    goes_on(visitor)
    visitor.sees_status("finished")
    assert visitor.reads_raw(visitor.answers.last) == WHOLE
    assert upstream.requests[-1].body["messages"][-1]["content"] == FIRST + REST[0]


def test_a_continuation_is_retried_dropped_and_brought_back(visitor: Visitor, upstream: Upstream) -> None:
    asks_and_stops(visitor, upstream, "One")
    upstream.script(stream(" two"))
    upstream.script(stream(" three"))
    goes_on(visitor)
    visitor.sees_answer("One two")
    visitor.button("Retry").click()
    visitor.sees_answer("One three")
    span = visitor.page.get_by_role("group", name="Continuation 1")
    expect(span).to_contain_text("2 / 2")
    visitor.button("Previous alternative", span).click()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("One two")
    visitor.button("Next alternative", span).click()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("One three")
    visitor.button("Drop").click()
    visitor.sees("Continuation dropped")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("One two")
    visitor.button("Drop").click()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("One")
    expect(visitor.page.get_by_role("list", name="Continuations")).to_have_count(0)
    visitor.button("Undo").last.click()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("One two")
    visitor.sends("More")
    visitor.sees_answer("More")
    turns = [(turn["role"], turn["content"]) for turn in upstream.requests[-1].body["messages"]]
    assert turns == [("user", "A tale"), ("assistant", "One two"), ("user", "More")]
    # Only the end of a branch is gone on with.
    expect(visitor.page.get_by_role("button", name="Continue", exact=True)).to_have_count(1)


def test_the_start_of_the_answer_is_typed(visitor: Visitor, upstream: Upstream) -> None:
    upstream.script(stream(" fox"))
    visitor.opens("/")
    visitor.chooses("mirror")
    start = visitor.field("Start of the answer")
    expect(start).to_be_hidden()
    visitor.button("Start the answer").click()
    expect(start).to_be_focused()
    start.fill("The  quick")
    visitor.writes("Go")
    visitor.reloads()
    expect(start).to_have_value("The  quick")
    visitor.chooses("mirror")
    visitor.message.press("Enter")
    visitor.sees_answer("fox")
    assert visitor.reads_raw(visitor.answers.last) == "The  quick fox"
    assert upstream.requests[-1].body["messages"][-1] == {"role": "assistant", "content": "The  quick"}
    expect(start).to_be_hidden()
    visitor.sends("And now?")
    visitor.sees_answer("And now?")
    assert upstream.requests[-1].body["messages"][-1]["role"] == "user"


def test_what_is_closed_again_is_not_sent(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens("/")
    visitor.chooses("mirror")
    visitor.button("Start the answer").click()
    visitor.field("Start of the answer").fill("Not this")
    visitor.button("Start the answer").click()
    visitor.sends("Go")
    visitor.sees_answer("Go")
    assert upstream.requests[-1].body["messages"] == [{"role": "user", "content": "Go"}]


def test_a_model_that_ignores_the_start_is_told_of(visitor: Visitor, upstream: Upstream) -> None:
    asks_and_stops(visitor, upstream, "Once upon a time")
    upstream.script(stream("Once upon a time, there was a king."))
    goes_on(visitor)
    visitor.sees("mirror began again instead of going on")
    visitor.button("Use as the whole answer").click()
    expect(visitor.text_of(visitor.answers.last)).to_have_text("Once upon a time, there was a king.")
    expect(visitor.answers.last).to_contain_text(re.compile(r"2 / 2"))
    expect(visitor.page.get_by_text("began again")).to_have_count(0)


def test_a_model_that_is_known_to_begin_again_is_named_before_anything_is_sent(visitor: Visitor) -> None:
    visitor.opens("/")
    visitor.chooses("demo/showcase")
    visitor.button("Start the answer").click()
    words = "This model is known to begin again instead of going on."
    expect(visitor.page.get_by_text(words)).to_be_visible()
    visitor.chooses("demo/ngram")
    expect(visitor.page.get_by_text(words)).to_be_hidden()

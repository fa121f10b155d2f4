"""Send and stream, stop, and come back: an answer belongs to the server, and a tab only looks at it."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor
from tests.crash.site import wait_for
from tests.servers import Server
from tests.upstream import Gate, Upstream, stream, text_of

SLOW = "tokens-400-speed-40-seed-3"


def test_an_answer_streams_and_ends_with_its_facts(visitor: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("Hello", gate, " there"))
    visitor.asks("mirror")
    visitor.sees_status("running")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("Hello")
    gate.open()
    visitor.sees_answer("Hello there")
    facts = visitor.answers.last.get_by_role("list", name="Facts")
    expect(facts).to_contain_text("mirror")
    expect(facts).to_contain_text("to first token")
    expect(facts).to_contain_text("7 in")
    expect(facts).to_contain_text("2 out")
    expect(visitor.message).to_be_focused()
    expect(visitor.message).to_have_value("")


def test_a_conversation_goes_on_with_all_that_was_said(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "one")
    visitor.sees_answer("one")
    visitor.sends("two")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("two")
    turns = [(turn["role"], turn["content"]) for turn in upstream.requests[-1].body["messages"]]
    assert turns == [("user", "one"), ("assistant", "one"), ("user", "two")]


def test_shift_enter_breaks_the_line(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.writes("one")
    visitor.message.press("Shift+Enter")
    visitor.message.press_sequentially("two")
    visitor.message.press("Control+Enter")
    visitor.sees_answer(re.compile("one\\s+two"))
    assert upstream.requests[-1].body["messages"] == [{"role": "user", "content": "one\ntwo"}]


def test_the_stop_button_stops(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks(SLOW)
    visitor.sees_text_growing()
    visitor.stops()
    visitor.sees_answer(status="stopped")
    assert upstream.wait_for_close(upstream.requests[-1])
    said = visitor.reads_raw(visitor.answers.last)
    assert said
    assert upstream.sent_text(upstream.requests[-1]).startswith(said)


def test_escape_stops(visitor: Visitor) -> None:
    visitor.asks(SLOW)
    visitor.sees_text_growing()
    visitor.presses("Escape")
    visitor.sees_answer(status="stopped")


def test_another_tab_stops(visitor: Visitor) -> None:
    visitor.asks(SLOW)
    visitor.sees_text_growing()
    other = visitor.opens_a_second_tab()
    other.sees_text_growing()
    other.stops()
    other.sees_answer(status="stopped")
    visitor.sees_answer(status="stopped")
    assert visitor.reads_raw(visitor.answers.last) == other.reads_raw(other.answers.last)


def test_nothing_is_sent_while_an_answer_runs(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks(SLOW)
    visitor.sees_text_growing()
    before = len(upstream.requests)
    visitor.sends("And?")
    visitor.sees("The model is still answering")
    expect(visitor.message).to_have_value("And?")
    assert len(upstream.requests) == before
    visitor.stops()
    visitor.sees_answer(status="stopped")
    expect(visitor.message).to_have_value("And?")


def test_a_reload_in_the_middle_loses_nothing(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("tokens-120-speed-60-seed-4")
    visitor.sees_text_growing(20)
    visitor.reloads()
    visitor.sees_text_growing(20)
    visitor.reloads()
    visitor.sees_answer()
    assert visitor.reads_raw(visitor.answers.last) == text_of(4, 120)


def test_one_closes_the_page_and_finds_the_whole_answer_later(
    visitor: Visitor, server: Server, invite: Callable[..., Visitor], upstream: Upstream
) -> None:
    visitor.asks("tokens-60-speed-60-seed-5")
    visitor.sees_text_growing()
    path = visitor.path
    visitor.leaves()
    assert wait_for(lambda: upstream.requests[-1].finished)
    later = invite(server).opens(path)
    later.sees_answer()
    assert later.reads_raw(later.answers.last) == text_of(5, 60)


def test_a_second_tab_sees_what_the_first_one_starts(visitor: Visitor) -> None:
    visitor.asks("mirror", "first")
    visitor.sees_answer("first")
    other = visitor.opens_a_second_tab()
    visitor.sends("second")
    expect(other.questions).to_have_count(2)
    other.sees_answer("second")


def test_a_draft_survives_a_reload(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer("Hello")
    visitor.writes("half a thou")
    visitor.reloads()
    expect(visitor.message).to_have_value("half a thou")
    visitor.sends("half a thought")
    visitor.sees_answer("half a thought")
    visitor.reloads()
    expect(visitor.message).to_have_value("")


def test_what_is_typed_before_the_page_is_ready_stays(visitor: Visitor) -> None:
    held: list[Route] = []
    visitor.page.route(re.compile(r"/app[.\w]*js"), lambda route: held.append(route))
    visitor.page.goto(f"{visitor.url}/", wait_until="commit")
    visitor.message.press_sequentially("too early")
    for route in held:
        route.continue_()
    visitor.page.wait_for_load_state("load")
    visitor.message.press_sequentially(", or not")
    expect(visitor.message).to_have_value("too early, or not")


def test_a_send_that_fails_keeps_the_text_and_happens_once_when_tried_again(
    start_server: Callable[..., Server], invite: Callable[..., Visitor], upstream: Upstream
) -> None:
    server = start_server()
    visitor = invite(server)
    visitor.asks("mirror")
    visitor.sees_answer("Hello")
    server.kill()
    before = len(upstream.requests)
    visitor.sends("Are you there?")
    visitor.sees("Your text is still here")
    visitor.sees("Reconnecting")
    expect(visitor.message).to_have_value("Are you there?")
    server.start()
    expect(visitor.page.get_by_text("Reconnecting")).to_be_hidden(timeout=15_000)
    visitor.message.press("Enter")
    visitor.sees_answer("Are you there?")
    assert len([r for r in upstream.requests[before:] if r.method == "POST"]) == 1


def test_an_error_is_part_of_the_transcript_and_can_be_tried_again(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.asks("error-401")
    visitor.sees_answer(status="failed")
    visitor.sees("Told to fail with 401.")
    visitor.chooses("mirror")
    visitor.button("Retry", visitor.answers.last).click()
    visitor.sees_answer("Hello")


def test_a_cut_answer_is_kept_and_called_interrupted(visitor: Visitor) -> None:
    visitor.asks("tokens-50-cut-20-seed-6")
    visitor.sees_answer(status="interrupted")
    assert visitor.reads_raw(visitor.answers.last) == text_of(6, 20)


def test_an_answer_that_ends_while_it_is_shown_raw_is_shown(visitor: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    visitor.asks("mirror")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("So")
    visitor.does("Show raw", visitor.answers.last)
    expect(visitor.text_of(visitor.answers.last)).to_be_hidden()
    gate.open()
    visitor.sees_answer("So far")
    expect(visitor.text_of(visitor.answers.last)).to_be_visible()
    expect(visitor.button("Show raw", visitor.answers.last)).to_have_count(1)


def test_raw_is_the_exact_text(visitor: Visitor, upstream: Upstream) -> None:
    odd = "a\r\nb\rc\u2028d\u0085e\tf  \n\n\n  g \u00a0\ufeff\x1b\x0b\x0c end   \n"
    upstream.script(stream(odd[:4], odd[4:5], odd[5:]))
    visitor.asks("mirror")
    visitor.sees_answer()
    assert visitor.reads_raw(visitor.answers.last) == odd
    visitor.reloads()
    visitor.sees_answer()
    assert visitor.reads_raw(visitor.answers.last) == odd


def test_what_a_person_typed_is_sent_and_kept_to_the_letter(visitor: Visitor, upstream: Upstream) -> None:
    odd = "  a\n\tb <b>&amp;</b> \u2028 😀  \n"
    visitor.asks("mirror", odd)
    visitor.sees_answer()
    assert upstream.requests[-1].body["messages"][-1]["content"] == odd
    assert visitor.reads_raw(visitor.questions.last) == odd
    visitor.reloads()
    assert visitor.reads_raw(visitor.questions.last) == odd


def test_the_renderer_comes_late_and_no_word_is_lost(visitor: Visitor) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        refused.append(route.request.url)
        route.abort() if len(refused) == 1 else route.continue_()

    visitor.page.route("**/joined/markdown.*.js*", refuse_once)
    visitor.asks("tokens-30-seed-8")
    visitor.sees_answer()
    expect(visitor.text_of(visitor.answers.last).get_by_role("paragraph").first).to_be_visible()
    assert visitor.reads_raw(visitor.answers.last) == text_of(8, 30)

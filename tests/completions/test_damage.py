"""What is damaged, cut or without end: the rest is kept, and nothing crashes."""

import pytest

from chat.completions import (
    AnswerDamaged,
    AnswerTooLong,
    Limits,
    StreamFailed,
    StreamInterrupted,
)
from tests.upstream import (
    Cut,
    Done,
    Event,
    Head,
    Say,
    Script,
    Send,
    events,
)

from .asking import STOP, ask, chunk


def test_damaged_events_are_skipped_and_the_answer_is_marked(upstream):
    heard = ask(upstream, events(chunk(content="a"), '{"choices":[{"del : ping', chunk(content="b"), STOP))
    assert isinstance(heard.error, AnswerDamaged)
    assert "(1 of them)" in heard.error.message
    assert heard.text() == "ab"


def test_an_answer_of_damage_alone_ends_early(upstream):
    heard = ask(upstream, events(*['{"choices":[{'] * 100, done=False))
    assert isinstance(heard.error, AnswerDamaged)


def test_json_nested_without_end_is_damage_and_no_crash(upstream):
    heard = ask(upstream, events(chunk(content="a"), '{"a":' * 100_000, STOP))
    assert isinstance(heard.error, AnswerDamaged)


@pytest.mark.parametrize(
    "place",
    [
        '{"choices":[{"delta":{"content":"x"},"logprobs":%s}]}',
        '{"choices":[{"delta":{"annotations":[{"a":%s}]}}]}',
        '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}',
        '{"choices":[{"delta":{"reasoning_details":%s}}]}',
        '{"choices":[],"usage":{"a":%s}}',
        '{"error":%s}',
        '{"error":{"message":%s}}',
        '{"detail":%s}',
    ],
)
def test_deep_nesting_anywhere_is_an_error_at_worst_and_never_a_crash(upstream, place):
    deep = "[" * 1000 + "]" * 1000
    heard = ask(upstream, events(chunk(content="a"), place % deep, STOP))
    assert heard.error is None or isinstance(heard.error, (AnswerDamaged, StreamFailed))
    assert heard.text().startswith("a")


def test_a_last_event_cut_in_the_middle_is_reported_and_the_text_kept(upstream):
    half = b'data: {"choices":[{"delta":{"content":"lo'
    heard = ask(upstream, Script([Head(framing="close"), Say("half"), Send(half), Cut()]))
    assert isinstance(heard.error, StreamInterrupted)
    assert heard.text() == "half"


def test_a_runaway_answer_ends_at_the_limit_and_is_kept_up_to_it(upstream):
    script = events(*(chunk(content="x" * 100) for _ in range(20)), STOP)
    heard = ask(upstream, script, limits=Limits(answer_bytes=1000))
    assert isinstance(heard.error, AnswerTooLong)
    assert not heard.error.retryable
    assert 900 <= len(heard.text()) <= 1000


def test_a_piece_beyond_the_limit_ends_the_answer_with_a_clear_error(upstream):
    script = Script([Head(), Say("a"), Event(chunk(content="x" * 200_000)), Done()])
    heard = ask(upstream, script, limits=Limits(event_bytes=100_000))
    assert isinstance(heard.error, AnswerTooLong)
    assert heard.text() == "a"

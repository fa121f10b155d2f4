"""Where the time of a call went."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chat.timeline import WIDTH, Gaps, gaps_of, phases_of, says_something, strip_of, trace_of

WHOLE = {
    "called": 6.0, "attempt": 6.0, "connected": 47.0, "written": 48.0, "opened": 300.0,
    "first_token": 312.0, "first_text": 4512.0, "last_event": 11400.0, "ended": 11417.0,
}  # fmt: skip


def phases(
    timings: dict[str, float], *, thought: bool = False, **usage: int
) -> list[tuple[str, float, float]]:
    found = phases_of(timings, usage, thought=thought)
    return [(phase.name, phase.start, phase.end) for phase in found]


def without(*names: str) -> dict[str, float]:
    return {name: at for name, at in WHOLE.items() if name not in names}


def test_a_whole_answer_has_every_phase() -> None:
    assert phases(WHOLE, thought=True) == [
        ("queued", 0, 6), ("connecting", 6, 47), ("waiting", 47, 312), ("reasoning", 312, 4512),
        ("answering", 4512, 11417),
    ]  # fmt: skip


def test_without_reasoning_the_answer_begins_with_the_first_token() -> None:
    assert phases(WHOLE)[-1] == ("answering", 312, 11417)


def test_reasoning_that_never_came_to_an_answer() -> None:
    assert phases(without("first_text"), thought=True)[-1] == ("reasoning", 312, 11417)


def test_earlier_attempts_are_a_phase_of_their_own() -> None:
    assert phases({**WHOLE, "called": 2.0})[:3] == [
        ("queued", 0, 2),
        ("retrying", 2, 6),
        ("connecting", 6, 47),
    ]


def test_nobody_was_there() -> None:
    assert phases({"called": 1.0, "attempt": 1.0, "ended": 9.0}) == [("queued", 0, 1), ("connecting", 1, 9)]


def test_what_runs_inside_the_server_needs_no_connection() -> None:
    assert phases(without("connected"))[:2] == [("queued", 0, 6), ("waiting", 6, 312)]


def test_a_call_that_was_never_made_was_only_queued() -> None:
    assert phases({"ended": 3.0}) == [("queued", 0, 3)]


def test_a_wait_for_ones_turn_is_queued_until_the_call() -> None:
    later = {name: at + 9000 for name, at in WHOLE.items()} | {"queued": 9005.0}
    assert phases(later)[:2] == [("queued", 0, 9006), ("connecting", 9006, 9047)]
    assert phases({"queued": 9005.0, "ended": 9005.5}) == [("queued", 0, 9005.5)]


def test_without_an_end_nothing_is_told() -> None:
    assert phases({}) == []


def test_tokens_go_to_the_phase_that_made_them() -> None:
    found = phases_of(WHOLE, {"completion_tokens": 892, "reasoning_tokens": 312}, thought=True)
    assert [phase.tokens for phase in found] == [None, None, None, 312, 580]
    assert found[-1].speed == pytest.approx(580 / 6.905)


def test_tokens_that_nobody_told_apart_are_not_guessed() -> None:
    found = phases_of(WHOLE, {"completion_tokens": 892, "reasoning_tokens": None}, thought=True)
    assert {phase.tokens for phase in found} == {None}
    assert phases_of(WHOLE, {"completion_tokens": 892}, thought=False)[-1].tokens == 892


MARKS = ["called", "attempt", "connected", "opened", "first_token", "first_text", "ended"]


@given(
    some.lists(some.floats(0, 1e7), min_size=7, max_size=7),
    some.sets(some.sampled_from(MARKS)),
    some.booleans(),
)
def test_phases_follow_one_another_without_a_hole(times: list[float], known: set[str], thought: bool) -> None:
    timings = {name: at for name, at in zip(MARKS, sorted(times), strict=True) if name in known}
    found = phases_of(timings, {}, thought=thought)
    for before, after in pairwise(found):
        assert before.end == after.start
    if found:
        assert found[0].start == 0
        assert found[-1].end == timings["ended"]
        drawn = strip_of(found)
        assert all(width > 0 for _, _, width in drawn)
        assert drawn[-1][1] + drawn[-1][2] <= WIDTH + 1


# Gaps


def chunk(**delta: Any) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": delta}]})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (chunk(content="x"), True),
        (chunk(reasoning="x"), True),
        (chunk(reasoning_content="x"), True),
        (chunk(tool_calls=[{"index": 0}]), True),
        ('{"choices": [{"text": "x"}]}', True),
        (chunk(role="assistant"), False),
        (chunk(role="assistant", content=""), False),
        (chunk(), False),
        ('{"choices": [], "usage": {}}', False),
        ('{"choices": null}', False),
        ('{"choices": [3]}', False),
        ('{"choices": [{"delta": "x"}]}', False),
        ("[DONE]", False),
        ("[]", False),
        ("3", False),
        ("", False),
    ],
)
def test_which_events_say_something(data: str, says: bool) -> None:
    assert says_something(data) is says


def test_gaps_lie_between_what_was_said() -> None:
    word = chunk(content="x")
    came = [
        (1.0, chunk(role="assistant")),
        (10.0, word),
        (14.0, word),
        (15.0, chunk()),
        (24.0, word),
        (99.0, "[DONE]"),
    ]
    gaps = gaps_of(came)
    assert gaps
    assert gaps.each == [(14.0, 4.0), (24.0, 10.0)]
    assert (gaps.median, gaps.longest) == (7.0, (24.0, 10.0))


@pytest.mark.parametrize("count", [0, 1])
def test_one_word_has_no_gap(count: int) -> None:
    assert gaps_of([(1.0, chunk(content="x"))] * count) is None


def test_a_trace_never_has_more_lines_than_it_has_places() -> None:
    many = Gaps([(at / 10, 0.1) for at in range(1, 100_000)])
    assert trace_of(many, 10_000).count("M") <= WIDTH * 2 + 1
    assert trace_of(Gaps([(5.0, 0.0)]), 10) == "M500 48v-1.0"

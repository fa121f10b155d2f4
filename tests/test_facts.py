"""The quiet line under an answer."""

from typing import Any

import pytest

from chat.facts import facts_of, seconds
from chat.models import Conversation, Generation, Message, Transfer

USAGE = {
    "prompt_tokens": 1200, "completion_tokens": 101, "cached_tokens": None, "reasoning_tokens": None, "cost": None,
}  # fmt: skip


def answer(finish_reason: str = "stop", **fields: Any) -> Message:
    """The answer of a generation that was never stored."""
    generation = Generation(**{"model": "mirror", "status": "finished", **fields})
    message = Message(role="assistant", generation=generation, finish_reason=finish_reason)
    message.conversation = Conversation()
    return message


def test_a_persons_own_message_has_no_facts() -> None:
    assert facts_of(Message(role="user")) == []


def test_nothing_is_told_that_the_provider_did_not_give() -> None:
    assert facts_of(answer()) == ["mirror", "stop"]


def test_every_figure_has_its_unit() -> None:
    timings = {"first_token": 250.4, "ended": 1250.4}
    facts = facts_of(answer(timings=timings, usage=USAGE))
    assert facts == [
        "mirror",
        "250 ms to first token",
        "100 tok/s",
        "1,250 ms in all",
        "1,200 in",
        "101 out",
        "stop",
    ]


def test_a_wait_in_our_own_queue_is_told_and_is_no_slowness_of_the_model() -> None:
    timings = {"first_token": 250.4, "first_text": 900.0, "ended": 1250.4}
    queued = {name: at + 12_000 for name, at in timings.items()} | {"queued": 11_990.0, "called": 12_000.0}
    at_once = facts_of(answer(timings={**timings, "called": 0.0}, usage=USAGE))
    waited = facts_of(answer(timings=queued, usage=USAGE))
    assert waited == [waited[0], "12.0 s in the queue", *at_once[1:]]


def test_times_from_before_the_call_was_noted_count_from_the_beginning() -> None:
    generation = answer(timings={"first_token": 250.0, "ended": 1250.0}).generation
    assert generation
    assert (generation.first_token, generation.duration, generation.unsent) == (250, 1250, False)


@pytest.mark.parametrize(
    ("status", "timings", "facts"),
    [
        ("running", {"queued": 0.0}, ["waiting for its turn"]),
        ("running", {"queued": 500.0, "called": 500.0}, ["500 ms in the queue", "answering"]),
        ("stopped", {"queued": 500.0, "ended": 501.0}, ["500 ms in the queue", "stopped"]),
        ("interrupted", {"queued": 0.0}, ["interrupted"]),
    ],
)
def test_what_was_never_sent_took_no_time(status: str, timings: dict[str, float], facts: list[str]) -> None:
    assert facts_of(answer("", status=status, timings=timings)) == ["mirror", *facts]


def test_the_model_that_answered_is_named_before_the_one_that_was_asked() -> None:
    assert facts_of(answer(answered_model="mirror-2026-01"))[0] == "mirror-2026-01"


def test_reasoning_and_cached_tokens_are_told_where_there_are_some() -> None:
    facts = facts_of(answer(usage={**USAGE, "cached_tokens": 1000, "reasoning_tokens": 64}))
    assert "1,200 in, 1,000 cached" in facts
    assert "101 out, 64 reasoning" in facts


def test_a_cost_is_told_in_dollars_and_nothing_where_it_is_zero_or_unknown() -> None:
    assert "$0.2500" in facts_of(answer(cost=0.25))
    assert facts_of(answer(cost=0.0)) == facts_of(answer(cost=None)) == ["mirror", "stop"]


@pytest.mark.parametrize(
    "timings", [{}, {"first_token": 5.0}, {"ended": 9.0}, {"first_token": 9.0, "ended": 9.0}]
)
def test_no_speed_is_told_that_cannot_be_known(timings: dict[str, float]) -> None:
    assert not [fact for fact in facts_of(answer(timings=timings, usage=USAGE)) if "tok/s" in fact]


def test_one_token_has_no_speed() -> None:
    usage = {**USAGE, "completion_tokens": 1}
    facts = facts_of(answer(timings={"first_token": 1.0, "ended": 2.0}, usage=usage))
    assert not [fact for fact in facts if "tok/s" in fact]


@pytest.mark.parametrize(
    ("status", "last"), [("running", "answering"), ("stopped", "stopped"), ("interrupted", "interrupted")]
)
def test_how_it_ended_comes_last(status: str, last: str) -> None:
    assert facts_of(answer("", status=status))[-1] == last


def test_a_failed_answer_tells_nothing_beside_its_error() -> None:
    assert facts_of(answer("", status="failed")) == ["mirror"]


def test_long_times_are_told_in_seconds() -> None:
    assert [seconds(ms) for ms in (0.4, 999, 9_999, 10_000, 61_500)] == [
        "0 ms", "999 ms", "9,999 ms", "10.0 s", "61.5 s",
    ]  # fmt: skip


def test_an_answer_that_began_with_reasoning_tells_when_the_answer_itself_began() -> None:
    timings = {"first_token": 250.0, "first_text": 4250.0, "ended": 5000.0}
    assert facts_of(answer(timings=timings))[1:3] == [
        "250 ms to first token",
        "4,250 ms to first answer token",
    ]
    assert not [
        fact for fact in facts_of(answer(timings={"first_token": 5.0, "first_text": 5.0})) if "answer" in fact
    ]


def test_what_nobody_counted_is_marked_as_an_estimate() -> None:
    estimate = {"prompt_tokens": 3240, "completion_tokens": 48, "cost": 0.0005}
    facts = facts_of(answer("", status="stopped", estimate=estimate))
    assert facts == ["mirror", "~3,240 in", "~48 out", "~$0.00050", "stopped"]


def test_while_it_runs_only_what_was_sent_is_told() -> None:
    estimate = {"prompt_tokens": 3240, "completion_tokens": 1, "cost": 0.0005}
    assert facts_of(answer("", status="running", estimate=estimate)) == ["mirror", "~3,240 in", "answering"]


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        ({"model": "gpt-5", "usage": {"prompt_tokens": 1200, "completion_tokens": 3}, "cost": 0.25},
         ["gpt-5", "1,200 in", "3 out", "$0.2500", "stop", "imported"]),
        ({"model": 5, "usage": [], "cost": "much"}, ["stop", "imported"]),
        ({"usage": {"prompt_tokens": True}, "cost": -1}, ["stop", "imported"]),
        ([], []),
        (None, []),
    ],
)  # fmt: skip
def test_what_an_import_told_says_so(told: Any, facts: list[str]) -> None:
    message = Message(role="assistant", imported_facts=told, finish_reason="stop")
    message.conversation = Conversation(transfer=Transfer())
    assert facts_of(message) == facts

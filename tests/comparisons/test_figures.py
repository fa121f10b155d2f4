"""The figures beneath the panes: read off the calls, compared, added up."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chat.comparisons.figures import Figure, figures, summary, totals
from chat.models import Charge, Conversation, Generation, Message, Pane, Status
from chat.models.identifiers import new_id

# What is compared, and which way is better.
BETTER = {"First token": min, "Speed": max, "Duration": min, "Cost": min}
NOT_COMPARED = ("In", "Out", "Finish")


def answer(status: str = "finished", finish_reason: str = "stop", **fields: Any) -> Message:
    """Of a call that was never stored."""
    generation = Generation(model="m", status=status, **fields)
    return Message(role="assistant", generation=generation, finish_reason=finish_reason)


def took(first: float, ended: float, tokens: int = 101, **fields: Any) -> Message:
    usage = {"prompt_tokens": 1200, "completion_tokens": tokens}
    return answer(timings={"called": 10.0, "first_token": first, "ended": ended}, usage=usage, **fields)


def columns(*answers: Message | None) -> list[dict[str, Figure]]:
    keys = [uuid4() for _ in answers]
    found = figures(dict(zip(keys, answers, strict=True)))
    assert list(found) == keys
    return [{figure.label: figure for figure in found[key]} for key in keys]


def best(label: str, *answers: Message | None) -> list[bool]:
    return [column[label].best for column in columns(*answers)]


def texts(message: Message | None) -> dict[str, str]:
    [column] = columns(message)
    return {label: figure.text for label, figure in column.items()}


# Values


def test_each_figure_is_told_with_its_unit() -> None:
    assert texts(took(260.4, 1260.4, cost=0.25)) == {
        "First token": "250 ms", "Speed": "100 tok/s", "Duration": "1,250 ms", "In": "1,200 tok", "Out": "101 tok",
        "Cost": "$0.2500", "Finish": "stop",
    }  # fmt: skip


def test_who_waited_in_our_own_line_is_not_slower_for_it() -> None:
    timings = {"queued": 60_000.0, "called": 60_000.0, "first_token": 60_300.0, "ended": 61_000.0}
    told = texts(answer(timings=timings))
    assert (told["First token"], told["Duration"]) == ("300 ms", "1,000 ms")


@pytest.mark.parametrize("message", [None, Message(role="user"), Message(role="assistant")])
def test_where_nobody_was_asked_there_is_nothing(message: Message | None) -> None:
    assert set(texts(message).values()) == {"–"}


def test_a_call_that_tells_nothing_has_no_figures() -> None:
    assert set(texts(answer(finish_reason="")).values()) == {"–"}


def test_all_columns_have_the_same_rows_so_that_they_line_up() -> None:
    one, two, three = columns(took(1, 2), None, answer("failed"))
    assert list(one) == list(two) == list(three)


def test_what_is_estimated_is_told_so_and_what_was_measured_is_not() -> None:
    estimate = {"prompt_tokens": 7, "completion_tokens": 20, "cost": 0.5}
    told = texts(answer(estimate=estimate, timings={"called": 0, "first_token": 10, "ended": 30}))
    assert (told["In"], told["Out"], told["Cost"]) == ("~7 tok", "~20 tok", "~$0.5000")
    assert (told["First token"], told["Duration"]) == ("10 ms", "30 ms")


def test_what_was_free_or_has_no_price_is_no_sum() -> None:
    assert texts(took(1, 2, cost=0.0))["Cost"] == texts(took(1, 2, cost=None))["Cost"] == "–"


def test_while_it_runs_only_what_was_sent_is_told() -> None:
    estimate = {"prompt_tokens": 7, "completion_tokens": 20, "cost": 0.5}
    told = texts(answer("running", "", estimate=estimate, timings={"called": 0, "first_token": 10}))
    assert told.pop("In") == "~7 tok"
    assert told.pop("Finish") == "running"
    assert set(told.values()) == {"–"}


@pytest.mark.parametrize("status", ["failed", "stopped", "interrupted"])
def test_what_did_not_finish_says_how_it_ended(status: str) -> None:
    assert texts(answer(status, finish_reason="stop"))["Finish"] == status


# The best


def test_the_best_of_each_row_is_marked() -> None:
    quick, slow = took(10, 1010, cost=0.5), took(500, 900, cost=0.1)
    assert best("First token", quick, slow) == [True, False]
    assert best("Duration", quick, slow) == [False, True]
    assert best("Speed", quick, slow) == [False, True]
    assert best("Cost", quick, slow) == [False, True]


@pytest.mark.parametrize("label", NOT_COMPARED)
def test_fewer_tokens_are_not_better_and_nor_are_more(label: str) -> None:
    assert best(label, took(1, 2, tokens=10), took(1, 2, tokens=99)) == [False, False]


def test_those_that_are_equal_are_all_the_best() -> None:
    assert best("Duration", took(1, 50), took(1, 50), took(1, 60)) == [True, True, False]


def test_those_that_read_the_same_are_all_the_best() -> None:
    one, other = took(13.1, 60), took(13.4, 90)
    assert texts(one)["First token"] == texts(other)["First token"] == "3 ms"
    assert best("First token", one, other) == [True, True]


def test_one_alone_is_not_the_best_of_anything() -> None:
    assert best("Duration", took(1, 50), None, None) == [False] * 3
    assert best("Duration", took(1, 50)) == [False]
    assert best("Cost", took(1, 50, cost=0.5), took(1, 60)) == [False, False]


@pytest.mark.parametrize("status", ["failed", "stopped", "interrupted"])
def test_what_did_not_finish_never_wins(status: str) -> None:
    """Who fails is soon done, and costs little."""
    [_, _, failed] = columns(
        took(50, 100, cost=1), took(60, 200, cost=2), took(11, 20, cost=0.01, status=status)
    )
    assert failed["Duration"].text == "10 ms"
    assert not any(figure.best for figure in failed.values())
    assert best("Duration", took(50, 100), took(11, 20, status=status)) == [False, False], "one alone"


CALLS = some.lists(
    some.one_of(
        some.none(),
        some.builds(
            took,
            first=some.sampled_from([20.0, 30.0, 40.5, 1e6]),
            ended=some.sampled_from([50.0, 60.0, 60.5, 2e6]),
            tokens=some.integers(0, 5),
            cost=some.sampled_from([None, 0.0, 0.1, 0.10000000000000002, 3.0]),
            status=some.sampled_from([*map(str, Status)]),
        ),
    ),
    max_size=16,
)


@given(CALLS)
def test_exactly_the_best_of_those_that_finished_are_marked(answers: Sequence[Message | None]) -> None:
    shown = columns(*answers)
    for label, better in BETTER.items():
        values = [
            None if message is None or message.status != "finished" else VALUES[label](message)
            for message in answers
        ]
        known = [value for value in values if value is not None]
        winning = better(known) if len(known) > 1 else None
        read = [column[label].text.removeprefix("~") for column in shown]
        best_reads = read[values.index(winning)] if winning is not None else None
        expected = [
            value is not None and text == best_reads for value, text in zip(values, read, strict=True)
        ]
        assert [column[label].best for column in shown] == expected, label
    for label in NOT_COMPARED:
        assert not any(column[label].best for column in shown)


def call_of(message: Message) -> Generation:
    assert message.call
    return message.call


VALUES = {
    "First token": lambda message: call_of(message).timings["first_token"] - 10,
    "Duration": lambda message: call_of(message).timings["ended"] - 10,
    "Speed": lambda message: call_of(message).speed,
    "Cost": lambda message: call_of(message).cost or None,
}


# Added up


@pytest.mark.django_db
def test_totals_are_those_of_the_panes_by_the_books(panes: list[Pane], alice: Any) -> None:
    def book(conversation: Conversation, **fields: Any) -> None:
        usual = {"provider": "p", "model": "m", "status": "finished", "day": conversation.created_at.date()}
        Charge.objects.create(id=new_id(), owner=alice, conversation=conversation, **{**usual, **fields})

    book(panes[0].conversation, prompt_tokens=10, completion_tokens=1, cost=0.5)
    book(panes[0].conversation, prompt_tokens=20, completion_tokens=2, cost=0.25, estimated=True)
    book(panes[2].conversation, prompt_tokens=5, status="failed")
    book(Conversation.objects.create(owner=alice), prompt_tokens=1000, cost=9)
    assert totals(panes) == {
        "calls": 3, "prompt_tokens": 35, "completion_tokens": 3, "cost": 0.75, "estimated": 1,
    }  # fmt: skip
    assert totals(panes[1:2])["calls"] == 0


# What is set, in few words


def test_a_summary_names_what_is_set_and_how_long_the_prompt_is() -> None:
    conversation = Conversation(settings={"temperature": 0.5, "seed": 7}, system_prompt="a" * 400)
    assert summary(conversation) == [("Temperature", "0.5"), ("Seed", "7"), ("System", "~100 tokens")]
    assert summary(Conversation(system_prompt=" \n ")) == [("System", "none")]


def test_a_long_value_is_cut_and_an_unknown_one_is_passed_by() -> None:
    found = dict(summary(Conversation(settings={"user": "x\n " * 500, "no such thing": 1})))
    assert found["User"] == "x x x x x x x x x x x x …"
    assert set(found) == {"User", "System"}

"""What is left under each limit, for all answers of a process together."""

from uuid import uuid4

import pytest

from chat.budgets import Limit
from chat.estimates import Rate
from chat.generation.meter import Meter, Purses

TALK = uuid4()
WHO = (1, TALK)
DAY, CONVERSATION = ("day", 1), ("conversation", TALK)
# Four bytes are a token, and a token costs a millionth of a dollar.
DOLLAR_A_TOKEN = Rate(4.0, (1e6, 1e6))


def limit(amount: float, spent: float = 0.0, kind: str = "conversation") -> Limit:
    return Limit(kind, amount, spent)


def meter(purses: Purses, limits: dict[tuple[str, object], Limit], sent: int = 0) -> Meter:
    made = Meter(purses, WHO, DOLLAR_A_TOKEN, sent)
    made.open(limits)
    return made


def test_it_counts_what_is_said() -> None:
    mine = meter(Purses(), {}, sent=8)
    mine.take("four")
    mine.take("five!")
    assert mine.estimate == {"prompt_tokens": 2, "completion_tokens": 3, "cost": 4.25}


def test_what_would_exceed_the_limit_is_not_taken() -> None:
    mine = meter(Purses(), {CONVERSATION: limit(3)}, sent=4)
    assert mine.take("12345678") is None
    found = mine.take("1")
    assert found
    assert found.amount == 3
    assert mine.estimate["cost"] == 3.0


def test_several_answers_share_what_is_left() -> None:
    purses = Purses()
    limits = {CONVERSATION: limit(4)}
    first, second = meter(purses, limits), meter(purses, limits)
    assert first.take("1234" * 3) is None
    assert second.take("1234") is None
    assert second.take("1")
    assert first.take("1")


def test_the_nearer_of_two_limits_holds() -> None:
    mine = meter(Purses(), {DAY: limit(2, kind="day"), CONVERSATION: limit(9)})
    found = mine.take("1234" * 3)
    assert found
    assert found.kind == "day"


def test_a_refused_piece_costs_neither_limit() -> None:
    mine = meter(Purses(), {DAY: limit(2, kind="day"), CONVERSATION: limit(9)})
    assert mine.take("1234" * 3)
    assert mine.take("1234" * 2) is None


def test_the_database_knows_better_but_not_what_came_since_it_was_asked() -> None:
    purses = Purses()
    mine = meter(purses, {CONVERSATION: limit(10)})
    mine.take("1234" * 2)
    asked = purses.taken()
    mine.take("1234")
    # Another process has spent 4, and this one's 2 are stored.
    purses.renew({CONVERSATION: limit(10, spent=6)}, asked)
    assert mine.take("1234" * 3) is None
    assert mine.take("1")


def test_what_the_database_knows_nothing_of_counts_until_it_is_booked() -> None:
    """An answer of a temporary chat, while the saver asks the database because of others."""
    purses = Purses()
    day = {DAY: limit(10, kind="day")}
    mine = meter(purses, day, sent=4)
    mine.keep_unsaved()
    for _ in range(3):
        assert mine.take("1234" * 3) is None
        asked = purses.taken()
        purses.renew(day, asked)
    assert mine.take("1")
    mine.close(10.0)
    assert not purses.unsaved


def test_a_limit_that_was_set_meanwhile_holds_and_one_that_was_lifted_does_not() -> None:
    purses = Purses()
    mine = meter(purses, {})
    assert mine.take("1234" * 50) is None
    purses.renew({CONVERSATION: limit(1)}, purses.taken())
    assert mine.take("12345")
    purses.renew({}, purses.taken())
    assert mine.take("1234" * 50) is None


def test_an_answer_that_begins_while_the_database_is_asked_counts_once() -> None:
    purses = Purses()
    meter(purses, {CONVERSATION: limit(10)})
    asked = purses.taken()
    second = meter(purses, {CONVERSATION: limit(10, spent=0)}, sent=4 * 4)
    # What will be paid for the question is in this sum already.
    purses.renew({CONVERSATION: limit(10, spent=4)}, asked)
    assert second.take("1234" * 6) is None
    assert second.take("1")


def test_a_limit_of_somebody_who_came_while_the_database_was_asked_stays() -> None:
    purses = Purses()
    meter(purses, {})
    asked = purses.taken()
    other = Meter(purses, (2, uuid4()), DOLLAR_A_TOKEN, 0)
    other.open({("day", 2): limit(1, kind="day")})
    purses.renew({}, asked)
    assert other.take("12345")


def test_a_raised_budget_holds_for_the_next_answer() -> None:
    purses = Purses()
    mine = meter(purses, {CONVERSATION: limit(1)})
    assert mine.take("12345")
    mine.close(None)
    assert purses.users == []
    assert meter(purses, {CONVERSATION: limit(5)}).take("1234" * 5) is None
    assert purses.users == [WHO]


def test_an_answer_that_asked_the_database_too_early_knows_what_was_spent_since() -> None:
    purses = Purses()
    early = {CONVERSATION: limit(3)}
    first = meter(purses, early)
    first.take("1234" * 2)
    first.close(None)
    assert meter(purses, early).take("1234" * 2)


def test_what_an_answer_did_not_cost_in_the_end_can_be_spent_by_the_next() -> None:
    purses = Purses()
    for _ in range(3):
        failed = meter(purses, {CONVERSATION: limit(10)}, sent=4 * 3)
        failed.close(0.0)
    cheap = meter(purses, {CONVERSATION: limit(10)})
    cheap.take("1234" * 9)
    cheap.close(1.0)
    assert meter(purses, {CONVERSATION: limit(10, spent=1)}).take("1234" * 9) is None


def test_an_answer_that_ends_while_the_database_is_asked_counts_once() -> None:
    purses = Purses()
    mine, other = (meter(purses, {CONVERSATION: limit(10)}) for _ in range(2))
    asked = purses.taken()
    other.take("1234" * 5)
    other.close(5.0)
    purses.renew({CONVERSATION: limit(10, spent=5)}, asked)
    assert mine.take("1234" * 5) is None
    assert mine.take("1")


def test_what_was_spent_long_ago_is_for_the_database_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.generation.meter.SECONDS_REMEMBERED", -1.0)
    purses = Purses()
    first = meter(purses, {CONVERSATION: limit(3)})
    first.take("1234" * 2)
    first.close(None)
    assert meter(purses, {CONVERSATION: limit(3)}).take("1234" * 3) is None


def test_a_lifted_budget_does_not_hold_for_the_next_answer() -> None:
    purses = Purses()
    meter(purses, {CONVERSATION: limit(1)}).close(None)
    assert meter(purses, {}).take("1234" * 50) is None


def test_what_is_free_is_stopped_by_nothing() -> None:
    purses = Purses()
    free = Meter(purses, WHO, Rate(4.0, (0.0, 0.0)), 4)
    free.open({CONVERSATION: limit(0)})
    assert free.take("1234" * 1000) is None
    assert purses.users == []
    assert free.estimate["completion_tokens"] == 1000

"""Who may ask a provider now, and who waits: the lines alone."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from chat.generation.turns import Turns

PROVIDER = uuid4()


class Runs:
    """Runs that ask until they are told to end. Remembers who began, in order, and what each was told."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.began: list[int] = []
        self.told: dict[int, list[int]] = {}
        self.asking: set[int] = set()
        self.most = 0
        self._ends: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def arrive(self, *numbers: int, limit: int | None = None, provider: UUID = PROVIDER) -> None:
        for number in numbers:
            self.told[number], self._ends[number] = [], asyncio.Event()
            self._tasks[number] = asyncio.create_task(self._run(number, limit, provider))
        await steps()

    async def end(self, *numbers: int) -> None:
        for number in numbers:
            self._ends[number].set()
        await steps()

    async def cancel(self, *numbers: int) -> None:
        for number in numbers:
            self._tasks[number].cancel()
        await steps()

    async def _run(self, number: int, limit: int | None, provider: UUID) -> None:
        with self.turns.place(provider, limit, self.told[number].append) as place:
            await place.wait()
            self.began.append(number)
            self.asking.add(number)
            self.most = max(self.most, len(self.asking))
            try:
                await self._ends[number].wait()
                assert number >= 0, "this one fails"
            finally:
                self.asking.discard(number)


async def steps() -> None:
    """Until nobody has a step to make."""
    for _ in range(10):
        await asyncio.sleep(0)


def play(act: Callable[[Runs], Awaitable[Any]]) -> Runs:
    async def all_of_it() -> Runs:
        runs = Runs()
        await act(runs)
        await runs.cancel(*runs._tasks)
        assert not runs.turns._lines, "somebody is still in line"
        return runs

    return asyncio.run(all_of_it())


def test_without_a_limit_nobody_waits_and_nobody_is_told() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(*range(100))
        assert len(runs.asking) == 100

    assert not any(play(act).told.values())


def test_no_more_than_the_limit_and_in_the_order_in_which_they_came() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(*range(16), limit=3)
        for number in range(16):
            assert runs.asking == set(range(number, min(number + 3, 16)))
            await runs.end(number)

    runs = play(act)
    assert (runs.began, runs.most) == (list(range(16)), 3)


def test_who_waits_hears_how_many_have_to_end_before_it() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, 4, limit=2)
        assert runs.told == {1: [], 2: [], 3: [1], 4: [2]}
        await runs.end(2)
        assert runs.told == {1: [], 2: [], 3: [1, 0], 4: [2, 1]}
        await runs.end(3)
        assert runs.told[4] == [2, 1, 0]

    play(act)


def test_who_is_far_back_does_not_hear_of_every_step() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(*range(1001), limit=1)
        for number in range(1000):
            await runs.end(number)

    told = play(act).told[1000]
    assert told == [*range(1000, 20, -10), *range(20, -1, -1)]


def test_one_provider_does_not_hold_up_another() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, limit=1)
        await runs.arrive(4, 5, limit=1, provider=uuid4())
        assert runs.asking == {1, 4}

    play(act)


def test_who_leaves_the_line_is_not_waited_for() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, 4, limit=1)
        await runs.cancel(3)
        assert runs.told[4] == [3, 2]
        await runs.end(1, 2)
        assert runs.asking == {4}

    assert play(act).began == [1, 2, 4]


def test_a_failure_gives_the_place_on() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(-1, 2, limit=1)
        await runs.end(-1)
        assert runs.asking == {2}
        assert isinstance(runs._tasks.pop(-1).exception(), AssertionError)

    play(act)


def test_who_is_stopped_while_it_asks_gives_the_place_on() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, limit=1)
        await runs.cancel(1)
        assert runs.asking == {2}

    play(act)


# The turn comes in the very moment of a stop


@pytest.mark.parametrize("order", ["the turn first", "the stop first"])
def test_a_turn_that_meets_a_stop_goes_to_the_next(order: str) -> None:
    """Both before the task that they are for has made a step."""

    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, limit=1)
        if order == "the stop first":
            runs._tasks[2].cancel()
        runs.turns.change(PROVIDER, 2)
        if order == "the turn first":
            runs._tasks[2].cancel()
        runs.turns.change(PROVIDER, 1)
        await runs.end(1)
        assert runs.asking == {3}

    assert play(act).began == [1, 3]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_together_no_place_is_lost_and_none_is_given_twice(seed: int) -> None:
    chance = random.Random(seed)

    async def act(runs: Runs) -> None:
        there: list[int] = []
        for number in range(200):
            await runs.arrive(number, limit=3)
            there.append(number)
            chance.shuffle(there)
            for _ in range(chance.randrange(3)):
                if there:
                    one = there.pop()
                    ends = one in runs.asking and chance.random() < 0.5
                    (runs._ends[one].set if ends else runs._tasks[one].cancel)()
            # Some of it before anybody has made a step, some after.
            if chance.random() < 0.5:
                await steps()
                waiting = [one for one in there if one not in runs.asking]
                assert len(runs.asking) == min(3, len(runs.asking) + len(waiting))

    assert play(act).most == 3


# Another limit


def test_a_raised_limit_lets_in_who_waits() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(*range(6), limit=1)
        runs.turns.change(PROVIDER, 3)
        await steps()
        assert runs.asking == {0, 1, 2}
        assert runs.told[5] == [5, 3]
        runs.turns.change(PROVIDER, None)
        await steps()
        assert len(runs.asking) == 6

    play(act)


def test_a_lowered_limit_takes_no_place_away_and_gives_none() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(*range(6), limit=4)
        runs.turns.change(PROVIDER, 2)
        assert runs.told[5] == [2, 4]
        await runs.end(0, 1)
        assert runs.asking == {2, 3}
        await runs.end(2)
        assert runs.asking == {3, 4}

    play(act)


def test_the_limit_that_the_last_one_brought_counts_for_all() -> None:
    """Another process may have changed it: nobody tells this one."""

    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, limit=1)
        await runs.arrive(4, limit=3)
        assert runs.asking == {1, 2, 3}
        await runs.arrive(5, limit=1)
        await runs.end(1, 2)
        assert runs.asking == {3}

    play(act)


def test_those_who_ask_before_there_is_a_limit_count() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2)
        await runs.arrive(3, limit=2)
        assert runs.asking == {1, 2}
        assert runs.told[3] == [1]

    play(act)


def test_a_limit_of_a_provider_that_nobody_asks_is_nothing() -> None:
    async def act(runs: Runs) -> None:
        runs.turns.change(PROVIDER, 1)

    play(act)


def test_all_who_wait_can_be_sent_away() -> None:
    async def act(runs: Runs) -> None:
        await runs.arrive(1, 2, 3, 4, limit=2)
        runs.turns.send_away()
        await steps()
        assert runs.asking == {1, 2}
        assert runs._tasks[3].cancelled()
        assert runs._tasks[4].cancelled()

    play(act)

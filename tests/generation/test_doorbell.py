"""A doorbell says "look again"."""

import asyncio
import time
from contextlib import ExitStack

import pytest

from chat.generation import doorbell
from chat.generation.doorbell import Bell, Doorbell

from .playing import until


def test_a_ring_wakes_who_waits_for_this_topic_and_nobody_else() -> None:
    async def act() -> None:
        bells, mine, other = Doorbell(), Bell(), Bell()
        with bells.listen("mine", mine), bells.listen("other", other):
            bells.ring("mine")
            await asyncio.wait_for(mine.wait(60), 1)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.wait(60), 0.02)

    asyncio.run(act())


def test_a_ring_that_came_before_is_not_missed() -> None:
    async def act() -> None:
        bells, bell = Doorbell(), Bell()
        with bells.listen("t", bell):
            bells.ring("t")
            await asyncio.wait_for(bell.wait(60), 1)

    asyncio.run(act())


def test_without_a_ring_it_is_time_to_look_anyway() -> None:
    asyncio.run(asyncio.wait_for(Bell().wait(0.01), 1))


def test_each_ring_wakes_once() -> None:
    async def act() -> None:
        bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait(60)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bell.wait(60), 0.02)

    asyncio.run(act())


def test_all_readers_of_a_topic_are_woken() -> None:
    async def act() -> None:
        bells, readers = Doorbell(), [Bell() for _ in range(50)]
        with ExitStack() as listening:
            for reader in readers:
                listening.enter_context(bells.listen("t", reader))
            waiting = [asyncio.create_task(reader.wait(60)) for reader in readers]
            await asyncio.sleep(0)
            bells.ring("t")
            await asyncio.wait_for(asyncio.gather(*waiting), 1)

    asyncio.run(act())


def test_who_has_left_is_forgotten() -> None:
    bells, bell = Doorbell(), Bell()
    with bells.listen("t", bell):
        pass
    assert not bells._bells


def test_local_readers_are_woken_by_every_ring_and_others_by_a_few() -> None:
    async def act() -> None:
        carried: list[str] = []
        bells, bell = Doorbell(carried.append), Bell()
        woken, began = 0, time.monotonic()
        with bells.listen("t", bell):
            while len(carried) < 3:
                bells.ring("t")
                await asyncio.wait_for(bell.wait(60), 1)
                woken += 1
        assert woken > 10
        assert time.monotonic() - began >= doorbell.SECONDS_BETWEEN_CARRIED_RINGS * 1.9

    asyncio.run(act())


def test_the_first_ring_is_carried_at_once_and_the_last_one_too() -> None:
    async def act() -> None:
        carried: list[str] = []
        bells = Doorbell(carried.append)
        bells.ring("t")
        assert carried == ["t"]
        for _ in range(100):
            bells.ring("t")
        assert carried == ["t"]
        await until(lambda: carried == ["t", "t"])
        await until(lambda: not bells._resting)
        assert carried == ["t", "t"]

    asyncio.run(act())


def test_topics_do_not_wait_for_each_other() -> None:
    async def act() -> None:
        carried: list[str] = []
        bells = Doorbell(carried.append)
        for topic in ("a", "b", "a", "c"):
            bells.ring(topic)
        assert carried == ["a", "b", "c"]

    asyncio.run(act())


def test_a_ring_from_elsewhere_is_not_carried_again() -> None:
    carried: list[str] = []
    Doorbell(carried.append).wake("t")
    assert carried == []

"""The log in Redis: what it does when Redis goes away, forgets, or answers too late."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from redis.asyncio import Redis

from chat.generation import redis_log
from chat.generation.log import LogUnavailable
from chat.generation.redis_log import RedisLog

from . import gateway
from .gateway import Gateway
from .playing import until

pytestmark = gateway.needs_redis
ALL = 1 << 30


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    prefix = gateway.a_prefix()
    monkeypatch.setattr(redis_log, "PREFIX", prefix)
    monkeypatch.setattr(redis_log, "SECONDS_BEFORE_TRYING_AGAIN", 0.02)
    yield prefix
    gateway.forget(prefix)


def play(act: Callable[[RedisLog, Gateway], Awaitable[None]]) -> None:
    """With a log that reaches Redis through a gateway."""

    async def run() -> None:
        way = await Gateway().open()
        log = RedisLog(way.url)
        try:
            await act(log, way)
        finally:
            await log.aclose()
            await way.close()

    asyncio.run(run())


async def written(log: RedisLog) -> None:
    """Until Redis has taken all of it."""
    await until(lambda: log._task is None or log._task.done())


def numbered(start: int, end: int) -> list[bytes]:
    return [b"%d" % number for number in range(start, end)]


def direct() -> "Redis[bytes]":
    return Redis.from_url(gateway.url_of())


def test_another_process_reads_what_this_one_writes() -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        log.append("g", numbered(0, 3))
        await written(log)
        other = RedisLog(gateway.url_of())
        assert await other.read("g", 1, ALL) == numbered(1, 3)
        await other.aclose()

    play(act)


def test_a_redis_that_is_away_for_a_while_loses_nothing() -> None:
    async def act(log: RedisLog, way: Gateway) -> None:
        log.append("g", numbered(0, 5))
        await written(log)
        await way.close()
        for start in range(5, 50, 5):
            log.append("g", numbered(start, start + 5))
            await asyncio.sleep(0.005)
        with pytest.raises(LogUnavailable):
            await log.read("g", 0, ALL)
        await way.open()
        await written(log)
        assert await log.read("g", 0, ALL) == numbered(0, 50)

    play(act)


def test_an_answer_of_redis_that_is_lost_repeats_no_event() -> None:
    async def act(log: RedisLog, way: Gateway) -> None:
        log.append("g", numbered(0, 3))
        await written(log)
        way.swallow()
        log.append("g", numbered(3, 6))
        await until(lambda: way.swallowed >= 2)
        log.append("g", numbered(6, 9))
        way.swallow(then=False)
        await written(log)
        assert await log.read("g", 0, ALL) == numbered(0, 9)

    play(act)


def test_a_first_answer_that_is_lost_repeats_no_event_either() -> None:
    async def act(log: RedisLog, way: Gateway) -> None:
        way.swallow()
        log.append("g", numbered(0, 3))
        await until(lambda: way.swallowed >= 2)
        way.swallow(then=False)
        await written(log)
        assert await log.read("g", 0, ALL) == numbered(0, 3)

    play(act)


def test_a_log_that_redis_lost_is_not_begun_anew_in_its_middle(prefix: str) -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        log.append("g", numbered(0, 10))
        await written(log)
        async with direct() as redis:
            await redis.delete(f"{prefix}g")
        assert await log.read("g", 0, ALL) is None
        log.append("g", numbered(10, 20))
        await written(log)
        assert await log.read("g", 10, ALL) is None

    play(act)


def test_a_list_without_its_mark_is_refused_because_its_numbers_would_be_wrong(prefix: str) -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        async with direct() as redis:
            await redis.rpush(f"{prefix}g", b"7", b"8")
        with pytest.raises(LogUnavailable):
            await log.read("g", 0, ALL)

    play(act)


def test_an_event_that_looks_like_the_mark_is_an_event() -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        log.append("g", [redis_log.MARK, redis_log.MARK])
        await written(log)
        assert await log.read("g", 0, ALL) == [redis_log.MARK, redis_log.MARK]

    play(act)


def test_the_end_of_a_log_whose_writer_died_comes_after_what_is_there(prefix: str) -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        dead = RedisLog(gateway.url_of())
        dead.append("g", numbered(0, 3))
        await written(dead)
        await dead.aclose()
        log.end("g", b"end")
        await written(log)
        assert await log.read("g", 0, ALL) == [*numbered(0, 3), b"end"]
        async with direct() as redis:
            assert 0 < await redis.ttl(f"{prefix}g") <= redis_log.SECONDS_KEPT

    play(act)


def test_an_end_without_a_log_is_not_taken_for_a_log() -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        log.end("g", b"end")
        await written(log)
        with pytest.raises(LogUnavailable):
            await log.read("g", 0, ALL)

    play(act)


def test_redis_forgets_a_log_that_nobody_writes_any_more(prefix: str) -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        log.append("g", numbered(0, 3))
        await written(log)
        async with direct() as redis:
            assert 0 < await redis.ttl(f"{prefix}g") <= redis_log.SECONDS_WITHOUT_WRITER

    play(act)


def test_what_waits_too_long_is_given_up_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_log, "MOST_WAITING", 10)

    async def act(log: RedisLog, way: Gateway) -> None:
        log.append("old", numbered(0, 3))
        await written(log)
        await way.close()
        for number in range(8):
            log.append("old", numbered(3 + number, 4 + number))
        for number in range(8):
            log.append("new", numbered(number, number + 1))
        await way.open()
        await written(log)
        assert await log.read("new", 0, ALL) == numbered(0, 8)
        assert await log.read("old", 0, ALL) is None

    play(act)


def test_a_log_that_is_given_up_alone_goes_too(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setattr(redis_log, "MOST_WAITING", 10)

    async def act(log: RedisLog, way: Gateway) -> None:
        log.append("g", numbered(0, 3))
        await written(log)
        await way.close()
        for number in range(20):
            log.append("g", numbered(3 + number, 4 + number))
        await way.open()
        await written(log)
        async with direct() as redis:
            assert not await redis.exists(f"{prefix}g")

    play(act)


def test_giving_up_one_log_while_redis_is_asked_loses_nothing_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redis_log, "MOST_WAITING", 10)

    async def act(log: RedisLog, _: Gateway) -> None:
        send, asked, go_on = log._send, asyncio.Event(), asyncio.Event()

        async def slow_send(*pieces: Any) -> None:
            asked.set()
            await go_on.wait()
            await send(*pieces)

        log._send = slow_send  # type: ignore[method-assign]
        log.append("old", [b"x"])
        await asked.wait()
        for _ in range(6):
            log.append("old", [b"x"])
        for number in range(8):
            log.append("new", numbered(number, number + 1))
        go_on.set()
        await written(log)
        assert await log.read("new", 0, ALL) == numbered(0, 8)
        assert await log.read("old", 0, ALL) is None

    play(act)


def test_readers_of_a_redis_that_was_never_there_are_told() -> None:
    async def act() -> None:
        log = RedisLog("redis://127.0.0.1:1/0")
        with pytest.raises(LogUnavailable):
            await log.read("g", 0, ALL)
        await log.aclose()

    asyncio.run(act())


def test_many_logs_at_once_stay_whole() -> None:
    async def act(log: RedisLog, _: Gateway) -> None:
        async def one(name: str) -> None:
            for number in range(50):
                log.append(name, [b"%d" % number])
                await asyncio.sleep(0)

        await asyncio.gather(*(one(f"g{number}") for number in range(40)))
        await written(log)
        for number in range(40):
            assert await log.read(f"g{number}", 0, ALL) == numbered(0, 50)

    play(act)

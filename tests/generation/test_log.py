"""The log of a generation. Both homes of it pass this one suite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chat.generation import log as log_module
from chat.generation.log import Log, MemoryLog, first_bytes
from chat.generation.redis_log import RedisLog

from . import gateway

Act = Callable[[Log], Awaitable[None]]
ALL = 1 << 30


@asynccontextmanager
async def memory() -> AsyncIterator[Log]:
    log = MemoryLog()
    yield log
    await log.aclose()


@asynccontextmanager
async def redis() -> AsyncIterator[Log]:
    log = RedisLog(gateway.url_of())
    yield log
    await log.aclose()


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    prefix = gateway.a_prefix()
    monkeypatch.setattr("chat.generation.redis_log.PREFIX", prefix)
    yield prefix
    if gateway.redis_answers():
        gateway.forget(prefix)


@pytest.fixture(params=[memory, pytest.param(redis, marks=gateway.needs_redis)], ids=["memory", "redis"])
def with_log(request: pytest.FixtureRequest) -> Callable[[Act], None]:
    async def play(act: Act) -> None:
        async with request.param() as log:
            await act(log)

    return lambda act: asyncio.run(play(act))


async def read_at_least(log: Log, name: str, count: int) -> list[bytes]:
    """What is there once so much is there: Redis is written to by a task of its own."""
    for _ in range(1000):
        events = await log.read(name, 0, ALL)
        if events is not None and len(events) >= count:
            return events
        await asyncio.sleep(0.005)
    raise AssertionError("the log did not grow")


def numbered(start: int, end: int) -> list[bytes]:
    return [b'{"n":%d}' % number for number in range(start, end)]


def test_a_log_that_was_never_begun_is_not_there(with_log: Any) -> None:
    async def act(log: Log) -> None:
        assert await log.read("nobody", 0, ALL) is None
        assert await log.read("nobody", 7, ALL) is None

    with_log(act)


def test_events_are_read_in_the_order_in_which_they_were_appended(with_log: Any) -> None:
    async def act(log: Log) -> None:
        for start in range(0, 200, 10):
            log.append("g", numbered(start, start + 10))
        assert await read_at_least(log, "g", 200) == numbered(0, 200)

    with_log(act)


def test_everything_from_n_on(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("g", numbered(0, 10))
        await read_at_least(log, "g", 10)
        for start in range(11):
            assert await log.read("g", start, ALL) == numbered(start, 10)

    with_log(act)


def test_beyond_its_end_there_is_nothing_yet(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("g", numbered(0, 3))
        await read_at_least(log, "g", 3)
        assert await log.read("g", 3, ALL) == []
        assert await log.read("g", 3_000_000, ALL) == []

    with_log(act)


def test_a_read_takes_so_many_bytes_and_at_least_one_event(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("g", [b"x" * 100] * 10)
        await read_at_least(log, "g", 10)
        assert len(await log.read("g", 0, 250) or []) == 3
        assert len(await log.read("g", 0, 1) or []) == 1
        assert len(await log.read("g", 8, ALL) or []) == 2

    with_log(act)


def test_a_reader_that_takes_it_piece_by_piece_has_it_all(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("g", numbered(0, 5000))
        await until_length(log, 5000)
        have: list[bytes] = []
        while events := await log.read("g", len(have), 1000):
            have += events
        assert have == numbered(0, 5000)

    with_log(act)


async def until_length(log: Log, count: int) -> None:
    for _ in range(1000):
        if await log.read("g", count - 1, 1):
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the log did not grow")


def test_logs_do_not_know_each_other(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("a", [b"1"])
        log.append("b", [b"2"])
        log.append("a", [b"3"])
        assert await read_at_least(log, "a", 2) == [b"1", b"3"]
        assert await read_at_least(log, "b", 1) == [b"2"]

    with_log(act)


def test_a_closed_log_can_still_be_read_for_a_while(with_log: Any) -> None:
    async def act(log: Log) -> None:
        log.append("g", numbered(0, 3))
        log.close("g")
        assert await read_at_least(log, "g", 3) == numbered(0, 3)

    with_log(act)


def test_a_closed_log_is_forgotten_after_that(with_log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("log", "redis_log"):
        monkeypatch.setattr(f"chat.generation.{module}.SECONDS_KEPT", 1 if module == "redis_log" else 0.05)

    async def act(log: Log) -> None:
        log.append("g", numbered(0, 3))
        await read_at_least(log, "g", 3)
        log.close("g")
        for _ in range(1000):
            if await log.read("g", 0, ALL) is None:
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it was kept")

    with_log(act)


def test_bytes_come_back_as_they_were(with_log: Any) -> None:
    events = ['{"text":"\\u2028 😀 \\u0000"}'.encode(), b"{}", b'{"a":"' + b"x" * 200_000 + b'"}']

    async def act(log: Log) -> None:
        log.append("g", events)
        assert await read_at_least(log, "g", 3) == events

    with_log(act)


def test_appending_never_waits(with_log: Any) -> None:
    async def act(log: Log) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(1000):
            log.append("g", [b"{}"])
        assert loop.time() - began < 0.5
        await read_at_least(log, "g", 1000)

    with_log(act)


@pytest.mark.parametrize(
    ("start", "most", "taken"), [(0, 10, 1), (0, 11, 2), (0, 99, 5), (4, 1, 1), (5, 99, 0), (9, 99, 0)]
)
def test_how_many_events_make_so_many_bytes(start: int, most: int, taken: int) -> None:
    assert len(first_bytes([b"x" * 10] * 5, start, most)) == taken


def test_a_finished_log_is_kept_long_enough_for_a_slow_phone() -> None:
    assert log_module.SECONDS_KEPT >= 30

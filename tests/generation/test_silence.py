"""A log that falls silent for good: its readers hear the end from the database."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import orjson
import pytest
from asgiref.sync import sync_to_async
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from chat.generation import cursor as module
from chat.generation import engine, redis_log
from chat.generation.log import MemoryLog
from chat.generation.redis_log import RedisLog
from chat.models import Conversation, Generation, Message, Status

from . import gateway
from .playing import Reader, play, until

pytestmark = pytest.mark.django_db(transaction=True)
Stored = Callable[..., UUID]


@pytest.fixture
def stored(alice: Any) -> Stored:
    conversation = Conversation.objects.create(owner=alice)

    def make(text: str, sequence: int, status: Status = Status.RUNNING) -> UUID:
        generation = Generation.objects.create(
            owner=alice, conversation=conversation, model="m", status=status, sequence=sequence
        )
        parts = [{"type": "text", "text": text}]
        Message.objects.create(
            conversation=conversation, role="assistant", generation=generation, parts=parts
        )
        return generation.pk

    return make


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(module, "SECONDS_OF_SILENCE", 0.05)


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    prefix = gateway.a_prefix()
    monkeypatch.setattr(redis_log, "PREFIX", prefix)
    yield prefix
    gateway.forget(prefix)


class SharedMemoryLog(MemoryLog):
    """Stands for a log that other processes write."""

    shared = True


def text(piece: str) -> bytes:
    return orjson.dumps({"type": "text", "choice": 0, "text": piece})


def test_a_log_without_its_last_event_ends_by_the_database(stored: Stored) -> None:
    """The process that wrote it stored the end and died before the log had it."""
    id = stored("Hello", 2, Status.FINISHED)

    async def act() -> None:
        engine().log = SharedMemoryLog()
        engine().log.append(str(id), [text("Hel")])
        reader = await Reader(id).to_the_end()
        assert (reader.text, reader.status) == ("Hello", "finished")

    play(act)


def test_a_model_that_only_thinks_long_is_waited_for(stored: Stored) -> None:
    id = stored("Hel", 1)

    async def act() -> None:
        engine().log = SharedMemoryLog()
        engine().log.append(str(id), [text("Hel")])
        reader = Reader(id)
        await until(lambda: reader.text == "Hel")
        await asyncio.sleep(0.2)
        assert [frame["type"] for frame in reader.frames] == ["events"]
        await reader.leave()

    play(act)


def test_what_is_stored_counts_towards_the_window_of_a_reader_that_stalls(stored: Stored) -> None:
    id = stored("x" * (module.WINDOW_BYTES + 1), 1)

    async def act() -> None:
        reader = Reader(id, stalled=True)
        await until(lambda: reader.frames)
        for sequence in range(2, 6):
            await sync_to_async(Generation.objects.filter(pk=id).update)(sequence=sequence)
            engine().doorbell.ring(str(id))
            await asyncio.sleep(0.03)
        assert len(reader.frames) == 1
        reader.wake()
        await until(lambda: reader.have == 5)
        await reader.leave()

    play(act)


def test_words_and_their_number_are_of_one_moment(stored: Stored, django_assert_num_queries: Any) -> None:
    id = stored("Hello", 7)
    with django_assert_num_queries(1):
        status, sequence, answers = module.read_stored(id) or ("", 0, [])
    assert (status, sequence, answers[0]["text"]) == ("running", 7, "Hello")


def test_a_reader_of_redis_leaves_though_its_client_swallows_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `asyncio.wait_for` of Python 3.11 does, if what it waits for is done in the same moment."""

    async def execute(_: Pipeline, *__: object) -> list[object]:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return [redis_log.MARK, []]

    async def act() -> None:
        log = RedisLog(gateway.url_of())
        reading = asyncio.create_task(log.read("g", 0, 1 << 20))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await log.aclose()

    monkeypatch.setattr(Pipeline, "execute", execute)
    play(act)


@gateway.needs_redis
def test_a_list_whose_end_redis_lost_is_given_up(prefix: str) -> None:
    """As after a restart from an older copy: the mark is there, some events are not."""

    async def act() -> None:
        log = RedisLog(gateway.url_of())
        log.append("g", [text("a"), text("b"), text("c")])
        await until(lambda: log._task is None or log._task.done())
        async with Redis.from_url(gateway.url_of()) as redis:
            await redis.rpop(f"{prefix}g")
        log.append("g", [text("d")])
        await until(lambda: log._task is None or log._task.done())
        assert await log.read("g", 0, 1 << 20) is None
        await log.aclose()

    play(act)

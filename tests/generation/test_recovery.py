"""What nobody runs any more becomes interrupted, with its words."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db.models.functions import Now

from chat.completions import Client
from chat.generation import engine
from chat.generation.doorbell import Doorbell
from chat.generation.engine import Engine
from chat.generation.log import MemoryLog
from chat.generation.recovery import ONE_ROUND, recover
from chat.generation.redis_log import RedisLog
from chat.generation.saver import Saver
from chat.models import Conversation, Generation, Message, Status
from tests.upstream import Gate, Upstream, stream

from . import gateway
from .playing import Reader, begin, play, row_of, text_of, until

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO, SOON = Now() - timedelta(seconds=30), Now() + timedelta(seconds=30)


@pytest.fixture
def left(alice: Any) -> Callable[..., UUID]:
    """A generation that some process left running."""
    conversation = Conversation.objects.create(owner=alice)

    def make(text: str = "", *, sequence: int = 0, lease: Any = LONG_AGO, **fields: Any) -> UUID:
        generation = Generation.objects.create(
            owner=alice, conversation=conversation, model="m", lease_until=lease, sequence=sequence, **fields
        )
        parts = [{"type": "text", "text": text}] if text else []
        Message.objects.create(
            conversation=conversation, role="assistant", generation=generation, parts=parts
        )
        return generation.pk

    return make


def test_a_lease_that_is_over_is_an_interrupted_answer_with_its_words(left: Callable[..., UUID]) -> None:
    id = left("As far as it got")

    async def act() -> None:
        assert await recover(engine()) == 1
        generation = await row_of(id)
        assert (generation.status, generation.lease_until) == ("interrupted", None)
        assert "What had arrived is kept" in generation.error["message"]
        assert generation.error["retryable"] is True
        assert await text_of(id) == "As far as it got"

    play(act)


def test_a_lease_that_is_not_over_is_left_alone(left: Callable[..., UUID]) -> None:
    id = left(lease=SOON)

    async def act() -> None:
        assert await recover(engine()) == 0
        assert (await row_of(id)).status == "running"

    play(act)


def test_the_first_process_on_a_folder_takes_them_all(left: Callable[..., UUID]) -> None:
    ids = [left(lease=SOON), left(), left(lease=None)]

    async def act() -> None:
        assert await recover(engine(), all_running=True) == len(ids)

    play(act)


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "interrupted"])
def test_what_has_ended_is_not_ended_again(left: Callable[..., UUID], status: Status) -> None:
    id = left(status=status, error={"message": "As it was."})

    async def act() -> None:
        assert await recover(engine(), all_running=True) == 0
        assert (await row_of(id)).error == {"message": "As it was."}

    play(act)


def test_what_runs_in_this_process_is_never_taken_for_dead(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("Still ", gate, "here"))

    async def act() -> None:
        id = await begin(conversation)
        await Generation.objects.filter(pk=id).aupdate(lease_until=LONG_AGO)
        assert await recover(engine(), all_running=True) == 0
        gate.open()
        await engine().tasks[id]
        assert ((await row_of(id)).status, await text_of(id)) == ("finished", "Still here")

    play(act)


def test_of_two_recoveries_at_once_one_wins(left: Callable[..., UUID]) -> None:
    for _ in range(20):
        left("words")

    async def act() -> None:
        counts = await asyncio.gather(*(recover(engine()) for _ in range(4)))
        assert sum(counts) == 20

    play(act)


def test_more_than_one_round_of_them_takes_several(left: Callable[..., UUID], alice: Any) -> None:
    one = Generation.objects.get(pk=left())
    rows = [
        Generation(owner=alice, conversation=one.conversation, model="m", lease_until=LONG_AGO)
        for _ in range(ONE_ROUND)
    ]
    Generation.objects.bulk_create(rows)

    async def act() -> None:
        assert [await recover(engine()) for _ in range(3)] == [ONE_ROUND, 1, 0]

    play(act)


def test_a_reader_hears_of_it(left: Callable[..., UUID]) -> None:
    id = left("Half an ans", sequence=3)

    async def act() -> None:
        reader = Reader(id)
        await until(lambda: reader.text == "Half an ans")
        assert not reader.status
        await recover(engine())
        await reader.to_the_end()
        assert reader.status == "interrupted"

    play(act)


# Where the log outlives its process

redis_only = gateway.needs_redis


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    prefix = gateway.a_prefix()
    monkeypatch.setattr("chat.generation.redis_log.PREFIX", prefix)
    yield prefix
    gateway.forget(prefix)


@asynccontextmanager
async def a_process(url: str = "") -> AsyncIterator[Engine]:
    """An engine as another process would have it."""
    log = RedisLog(url or gateway.url_of())
    here = Engine(log, Doorbell(), Client(), Saver(sync_to_async))
    yield here
    await here.aclose()


def text(piece: str, choice: int = 0) -> bytes:
    return orjson.dumps({"type": "text", "choice": choice, "text": piece})


async def write_and_die(id: UUID, *pieces: str) -> None:
    async with a_process() as dead:
        dead.log.append(str(id), [text(piece) for piece in pieces])
        await until(lambda: dead.log._task.done())  # type: ignore[attr-defined]


@redis_only
def test_what_the_log_has_beyond_the_database_is_taken_from_it(
    left: Callable[..., UUID], prefix: str
) -> None:
    id = left("Once upon", sequence=2)

    async def act() -> None:
        await write_and_die(id, "Once", " upon", " a", " time")
        async with a_process() as here:
            assert await recover(here) == 1
            assert await text_of(id) == "Once upon a time"
            assert (await row_of(id)).sequence == 4
            events = await here.log.read(str(id), 0, 1 << 30)
            assert events
            assert orjson.loads(events[-1]) == {"type": "end", "status": "interrupted"}

    asyncio.run(act())


@redis_only
def test_what_the_database_has_beyond_the_log_is_not_taken_away(
    left: Callable[..., UUID], prefix: str
) -> None:
    """As when Redis was away, and the process died before it came back."""
    id = left("Once upon a time", sequence=4)

    async def act() -> None:
        await write_and_die(id, "Once", " upon")
        async with a_process() as here:
            assert await recover(here) == 1
            assert await text_of(id) == "Once upon a time"
            assert (await row_of(id)).sequence == 4

    asyncio.run(act())


@redis_only
def test_a_long_log_is_read_to_its_end(left: Callable[..., UUID], prefix: str) -> None:
    id = left()
    pieces = [f"{number} " for number in range(5000)]

    async def act() -> None:
        await write_and_die(id, *pieces)
        async with a_process() as here:
            await recover(here)
        assert await text_of(id) == "".join(pieces)

    asyncio.run(act())


def test_without_a_redis_what_the_database_has_is_kept(left: Callable[..., UUID]) -> None:
    id = left("In the database", sequence=3)

    async def act() -> None:
        async with a_process("redis://127.0.0.1:1/0") as here:
            assert await recover(here) == 1
            assert await text_of(id) == "In the database"

    asyncio.run(act())


@redis_only
def test_two_processes_recover_one_answer_once(left: Callable[..., UUID], prefix: str) -> None:
    id = left("Once", sequence=1)

    async def act() -> None:
        await write_and_die(id, "Once", " upon")
        async with a_process() as one, a_process() as other:
            counts = await asyncio.gather(recover(one), recover(other))
            assert sorted(counts) == [0, 1]
            assert await text_of(id) == "Once upon"

    asyncio.run(act())


def test_a_log_in_memory_has_an_end_only_where_it_has_a_beginning() -> None:
    async def act() -> None:
        log = MemoryLog()
        log.end("nobody", b"end")
        assert await log.read("nobody", 0, 99) is None

    asyncio.run(act())

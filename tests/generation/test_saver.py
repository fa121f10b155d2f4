"""Running answers go to the database about twice a second, and stop where somebody else ended them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.db.models.functions import Now

from chat.generation import saver as module
from chat.generation.doorbell import Doorbell
from chat.generation.log import MemoryLog
from chat.generation.saver import Saver
from chat.generation.writer import Writer
from chat.models import Conversation, Generation, Message, Status

from .playing import until, until_stored

USUAL_PAUSE = module.SECONDS_BETWEEN_SAVES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_SAVES", 0.03)


@pytest.fixture
def running(alice: Any) -> Callable[[], UUID]:
    conversation = Conversation.objects.create(owner=alice)

    def make() -> UUID:
        generation = Generation.objects.create(
            owner=alice, conversation=conversation, model="m", lease_until=Now() - timedelta(seconds=5)
        )
        Message.objects.create(conversation=conversation, role="assistant", generation=generation)
        return generation.pk

    return make


class Rounds:
    """The real saving, counted, and broken where a test says so."""

    def __init__(self) -> None:
        self.drafts: list[list[module.Draft]] = []
        self.error: Exception | None = None

    def __call__(self, drafts: list[module.Draft], ours: list[UUID]) -> set[UUID]:
        self.drafts.append(drafts)
        if self.error:
            raise self.error
        return module.save(drafts, ours)


def a_run() -> "asyncio.Task[None]":
    """What a run is to the saver: something to cancel when it is no longer ours."""
    return asyncio.create_task(asyncio.Event().wait())  # type: ignore[arg-type]


async def start(id: UUID) -> tuple[Saver, Writer, Rounds, "asyncio.Task[None]"]:
    rounds = Rounds()
    saver = Saver(lambda _: sync_to_async(rounds))
    writer = Writer(str(id), 1, MemoryLog(), Doorbell())
    task = a_run()
    saver.register(id, writer, task)
    return saver, writer, rounds, task


async def finish(saver: Saver, id: UUID) -> None:
    saver.unregister(id)
    assert saver._task
    await asyncio.wait_for(saver._task, 10)


def text_of(id: UUID) -> str:
    return Message.objects.get(generation=id).text


def say(writer: Writer, piece: str) -> None:
    writer.add({"type": "text", "choice": 0, "text": piece})


def test_it_saves_about_twice_a_second() -> None:
    assert 0.2 <= USUAL_PAUSE <= 0.5


def test_words_are_saved_while_they_come(running: Callable[[], UUID]) -> None:
    id = running()

    async def act() -> None:
        saver, writer, _, _ = await start(id)
        say(writer, "Hel")
        await until_stored(lambda: text_of(id) == "Hel")
        say(writer, "lo")
        await until_stored(lambda: text_of(id) == "Hello")
        await finish(saver, id)

    asyncio.run(act())


def test_the_saved_words_are_those_of_the_saved_number_of_events(running: Callable[[], UUID]) -> None:
    id = running()

    async def act() -> None:
        saver, writer, rounds, _ = await start(id)
        for number in range(60):
            say(writer, f"{number} ")
            await asyncio.sleep(0.003)
        await until(lambda: not writer.dirty)
        await finish(saver, id)
        events = writer._log._events[str(id)]  # type: ignore[attr-defined]
        for drafts in rounds.drafts:
            for draft in drafts:
                said = "".join(orjson.loads(event)["text"] for event in events[: draft.sequence])
                assert draft.fields[0]["parts"][0]["text"] == said

    asyncio.run(act())


def test_where_nothing_was_said_nothing_is_written_but_the_lease_is_renewed(
    running: Callable[[], UUID],
) -> None:
    id = running()
    assert Generation.objects.all().abandoned()

    async def act() -> None:
        saver, _, rounds, _ = await start(id)
        await until_stored(lambda: not Generation.objects.all().abandoned())
        await until(lambda: len(rounds.drafts) >= 3)
        assert rounds.drafts[1:] == [[]] * len(rounds.drafts[1:])
        await finish(saver, id)

    asyncio.run(act())


def test_a_database_that_fails_keeps_the_words_for_the_next_round(
    running: Callable[[], UUID], caplog: pytest.LogCaptureFixture
) -> None:
    id = running()

    async def act() -> None:
        saver, writer, rounds, run = await start(id)
        rounds.error = OperationalError("database is locked")
        say(writer, "kept")
        await until(lambda: len(rounds.drafts) >= 2)
        rounds.error = None
        await until_stored(lambda: text_of(id) == "kept")
        assert not run.cancelled()
        await finish(saver, id)

    with caplog.at_level(logging.CRITICAL):
        asyncio.run(act())


def test_it_goes_on_whatever_goes_wrong_in_a_round(
    running: Callable[[], UUID], caplog: pytest.LogCaptureFixture
) -> None:
    id = running()

    async def act() -> None:
        saver, writer, rounds, _ = await start(id)
        rounds.error = ValueError("a row that cannot be stored")
        say(writer, "kept")
        await until(lambda: len(rounds.drafts) >= 2)
        rounds.error = None
        await until_stored(lambda: text_of(id) == "kept")
        await finish(saver, id)

    with caplog.at_level(logging.CRITICAL):
        asyncio.run(act())


@pytest.mark.parametrize("status", [Status.INTERRUPTED, Status.STOPPED])
def test_one_that_was_ended_elsewhere_is_lost_and_its_words_are_left_alone(
    running: Callable[[], UUID], status: Status
) -> None:
    id = running()

    async def act() -> None:
        saver, writer, _, run = await start(id)
        await sync_to_async(Generation.objects.filter(pk=id).end)(status)
        say(writer, "too late")
        await until(run.cancelled)
        assert await sync_to_async(text_of)(id) == ""
        await finish(saver, id)

    asyncio.run(act())


def test_one_that_another_process_was_asked_to_stop_is_stopped(running: Callable[[], UUID]) -> None:
    id = running()

    async def act() -> None:
        saver, _, _, run = await start(id)
        await sync_to_async(Generation.objects.filter(pk=id).update)(stop_requested=True)
        await until(run.cancelled)
        await finish(saver, id)

    asyncio.run(act())


def test_one_whose_row_is_gone_is_lost(running: Callable[[], UUID]) -> None:
    id = running()

    async def act() -> None:
        saver, _, _, run = await start(id)
        await sync_to_async(Generation.objects.all().delete)()
        await until(run.cancelled)
        await finish(saver, id)

    asyncio.run(act())


def test_many_answers_are_saved_in_one_round(running: Callable[[], UUID]) -> None:
    ids = [running() for _ in range(20)]

    async def act() -> None:
        saver, writer, rounds, _ = await start(ids[0])
        writers = {ids[0]: writer}
        for id in ids[1:]:
            writers[id] = Writer(str(id), 1, MemoryLog(), Doorbell())
            saver.register(id, writers[id], a_run())
        for id, each in writers.items():
            say(each, str(id))
        await until(lambda: len(rounds.drafts) >= 1)
        assert len(rounds.drafts[0]) == 20
        await until_stored(lambda: all(text_of(id) == str(id) for id in ids))
        for id in ids[1:]:
            saver.unregister(id)
        await finish(saver, ids[0])

    asyncio.run(act())


def test_it_rests_when_nothing_runs_and_begins_again(running: Callable[[], UUID]) -> None:
    first, second = running(), running()

    async def act() -> None:
        saver, _, _, _ = await start(first)
        await finish(saver, first)
        writer = Writer(str(second), 1, MemoryLog(), Doorbell())
        saver.register(second, writer, a_run())
        say(writer, "again")
        await until_stored(lambda: text_of(second) == "again")
        await finish(saver, second)

    asyncio.run(act())

"""Stopping: from any tab, at any moment, and it is then over for all of them."""

import asyncio
import random
import threading
from collections.abc import AsyncGenerator, Mapping
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from chat.completions import Endpoint, Event, Finish, Text
from chat.generation import engine, launch, stop
from chat.generation.begin import Job
from chat.generation.run import Run
from chat.models import Conversation, Generation, Message
from chat.sending import send
from tests.upstream import Endless, Gate, Hang, Head, Pause, Say, Script, Upstream, stream

from .playing import Reader, ask, begin, play, prepare, row_of, text_of, until, until_stored

pytestmark = pytest.mark.django_db(transaction=True)

CHATTER = Script([Head(), Endless(Script([Say("word "), Pause(0.002)]))])


async def stop_it(id: UUID) -> Generation:
    await stop(await row_of(id))
    return await row_of(id)


def test_stopping_keeps_what_was_said(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(CHATTER)

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: len(reader.text) > 100)
        assert (await stop_it(id)).status == "stopped"
        await reader.to_the_end()
        assert reader.status == "stopped"
        assert reader.text == await text_of(id)
        assert upstream.sent_text(upstream.requests[0]).startswith(reader.text)

    play(act)


def test_the_upstream_sees_it(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(CHATTER)

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        await stop_it(id)
        [request] = upstream.requests
        assert await asyncio.to_thread(upstream.wait_for_close, request)

    play(act)


def test_stopping_before_the_first_token(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act() -> None:
        id = await begin(conversation)
        await until(lambda: upstream.requests)
        generation = await stop_it(id)
        assert (generation.status, await text_of(id)) == ("stopped", "")
        assert await asyncio.to_thread(upstream.wait_for_close, upstream.requests[0])

    play(act)


def test_stopping_before_the_headers(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Gate()]))

    async def act() -> None:
        id = await begin(conversation)
        await until(lambda: upstream.requests)
        assert (await stop_it(id)).status == "stopped"

    play(act)


def test_stopping_before_the_task_took_its_first_step(conversation: Conversation, upstream: Upstream) -> None:
    async def act() -> None:
        job = await prepare(conversation)
        launch(job)
        await stop(job.generation)
        assert (await row_of(job.generation.pk)).status == "stopped"

    play(act)


def test_stopping_twice_at_once_is_stopping_once(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even while the database takes the end: whoever stops is answered when it has it."""
    upstream.script(CHATTER)
    store, stored, go_on = Run._store, [], threading.Event()

    def slowly(self: Run, *ending: Any) -> Any:
        go_on.wait(10)
        stored.append(ending)
        return store(self, *ending)

    monkeypatch.setattr(Run, "_store", slowly)

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        row = await row_of(id)
        first = asyncio.create_task(stop(row))
        await until(lambda: id not in engine().saver._writers)
        second = asyncio.create_task(stop(row))
        await asyncio.sleep(0.02)
        assert not first.done()
        assert not second.done()
        go_on.set()
        await asyncio.gather(first, second)
        assert (await row_of(id)).status == "stopped"
        assert len(stored) == 1
        await reader.to_the_end()

    play(act)


def test_stopping_what_has_finished_changes_nothing(conversation: Conversation, upstream: Upstream) -> None:
    async def act() -> None:
        generation = await ask(conversation)
        after = await stop_it(generation.pk)
        assert (after.status, after.stop_requested) == ("finished", False)

    play(act)


def test_stopping_what_another_process_runs(conversation: Conversation, upstream: Upstream) -> None:
    """Here the task is hidden from whoever stops, as if it ran elsewhere."""
    upstream.script(CHATTER)

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        task = engine().tasks.pop(id)
        await stop_it(id)
        await until_stored(lambda: Generation.objects.get(pk=id).status == "stopped")
        await task
        assert (await reader.to_the_end()).status == "stopped"

    play(act)


def test_a_stopped_answer_can_be_followed_by_another(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))
    upstream.script(stream("Better"))

    async def act() -> None:
        first = await begin(conversation)
        await until(lambda: upstream.requests)
        await stop_it(first)
        second = await ask(conversation)
        assert await text_of(second.pk) == "Better"

    play(act)


# Stop and finish race each other: one of them wins, and everybody hears the same.

RACES = 500
REAL_RACES = 100


class Quick:
    """A provider in memory: a few words with pauses so short that they end at about the time of the stop."""

    async def stream(
        self, endpoint: Endpoint, body: Mapping[str, Any], **_: Any
    ) -> AsyncGenerator[Event, None]:
        for number in range(3):
            yield Text(f"{number} ")
            await asyncio.sleep(random.uniform(0, 0.004))
        yield Finish("stop", "stop")

    async def aclose(self) -> None: ...


def many_jobs(conversation: Conversation, count: int) -> list[Job]:
    with transaction.atomic():
        return [send(conversation, None, str(number)) for number in range(count)]


async def race(job: Job, longest: float) -> tuple[str, str]:
    """Stop it twice at some moment. Returns what a reader heard of its end and its text."""
    launch(job)
    reader = Reader(job.generation.pk)
    await asyncio.sleep(random.uniform(0, longest))
    await asyncio.gather(stop(job.generation), stop(job.generation))
    await reader.to_the_end()
    return reader.status, reader.text


async def races(jobs: list[Job], longest: float) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    for start in range(0, len(jobs), 50):
        heard += await asyncio.gather(*(race(job, longest) for job in jobs[start : start + 50]))
    return heard


def check_that_all_agree(jobs: list[Job], heard: list[tuple[str, str]]) -> None:
    stored = {row.pk: row.status for row in Generation.objects.all()}
    texts = {answer.generation_id: answer.text for answer in Message.objects.filter(role="assistant")}
    for job, (status, text) in zip(jobs, heard, strict=True):
        assert (status, text) == (stored[job.generation.pk], texts[job.generation.pk])
    assert set(stored.values()) <= {"stopped", "finished"}


def test_of_stop_and_finish_one_wins_and_all_agree(conversation: Conversation) -> None:
    jobs = many_jobs(conversation, RACES)

    async def act() -> list[tuple[str, str]]:
        engine().client = Quick()  # type: ignore[assignment]
        return await races(jobs, longest=0.015)

    check_that_all_agree(jobs, play(act))


def test_so_do_they_over_real_connections(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream(*["a", "quick", "answer"]), repeat=True)
    jobs = many_jobs(conversation, REAL_RACES)
    check_that_all_agree(jobs, play(lambda: races(jobs, longest=0.2)))


def test_ended_rows_that_finished_have_all_of_the_answer(conversation: Conversation) -> None:
    jobs = many_jobs(conversation, 40)

    async def act() -> None:
        engine().client = Quick()  # type: ignore[assignment]
        for job in jobs:
            launch(job)
        await until(lambda: not engine().tasks)

    play(act)
    assert set(Generation.objects.values_list("status", flat=True)) == {"finished"}
    assert {m.text for m in Message.objects.filter(role="assistant")} == {"0 1 2 "}


def test_a_stop_of_nothing_is_nothing(conversation: Conversation) -> None:
    async def act() -> None:
        job = await prepare(conversation)
        await sync_to_async(Generation.objects.all().delete)()
        await stop(job.generation)

    play(act)

"""How a wait for a turn ends: stopped, interrupted, or overtaken by what changed. Nothing pretends to be sent."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db.models.functions import Now

from chat.completions import Client
from chat.generation import engine, launch, registry, shut_down, stop
from chat.generation.recovery import UNSENT, recover
from chat.inspector import missing
from chat.models import Charge, Conversation, Exchange, Generation, LanguageModel, Provider
from chat.timeline import phases_of
from tests.upstream import Gate, Upstream, reply, stream

from .playing import QUICK, Reader, answer_of, begin, play, prepare, row_of, until, until_stored
from .waiting import all_over, held, limited, queued, said_to, until_asked

pytestmark = pytest.mark.django_db(transaction=True)


# Stopped, and other ends


def check_that_nothing_was_sent(row: Generation, upstream: Upstream) -> None:
    """`row` has ended, and the upstream was asked once, by another."""
    assert len(upstream.requests) == 1
    assert row.unsent
    assert (row.cost, row.estimate, row.usage, row.duration) == (None, None, None, None)
    assert not Exchange.objects.filter(generation=row).exists()
    assert not Charge.objects.filter(pk=row.pk).exists()
    assert answer_of(row).parts == []
    assert missing(row, None, 0) == "Nothing was sent: it ended before its turn came."
    assert [phase.name for phase in phases_of(row.timings, {}, thought=False)] == ["queued"]


def test_one_that_waits_can_be_stopped_and_was_never_sent(
    one_at_a_time: Conversation, upstream: Upstream
) -> None:
    LanguageModel.objects.update(price_input=1, price_output=1)
    held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        ids = [await begin(one_at_a_time) for _ in range(2)]
        readers = [Reader(id) for id in ids]
        await until(lambda: queued(readers[1]) == [2])
        await stop(await row_of(ids[0]))
        await readers[0].to_the_end()
        assert readers[0].status == "stopped"
        row = await row_of(ids[0])
        assert (row.status, row.error) == ("stopped", None)
        await sync_to_async(check_that_nothing_was_sent)(row, upstream)
        await until(lambda: queued(readers[1]) == [2, 1])

    play(act)


def test_another_process_can_stop_it_too(one_at_a_time: Conversation, upstream: Upstream) -> None:
    """Here the task is hidden from whoever stops, as if it ran elsewhere."""
    held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        await until_stored(lambda: Generation.objects.get(pk=id).unsent)
        task = engine().tasks.pop(id)
        await stop(await row_of(id))
        await task
        assert (await row_of(id)).status == "stopped"
        assert len(upstream.requests) == 1

    play(act)


def test_one_that_waits_is_not_taken_for_abandoned(one_at_a_time: Conversation, upstream: Upstream) -> None:
    held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        mine = Generation.objects.filter(pk=id)
        await sync_to_async(mine.update)(lease_until=Now() + timedelta(seconds=1))
        await until_stored(mine.filter(lease_until__gt=Now() + timedelta(seconds=2)).exists)
        assert await recover(engine()) == 0

    play(act)


def test_a_failure_lets_the_next_one_in(one_at_a_time: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(401, {"error": {"message": "No such key."}}))

    async def act() -> None:
        jobs = [await prepare(one_at_a_time) for _ in range(2)]
        for job in jobs:
            launch(job)
        await until(all_over)
        assert [(await row_of(job.generation.pk)).status for job in jobs] == ["failed", "finished"]

    play(act)


def test_a_fault_of_our_own_lets_the_next_one_in(
    one_at_a_time: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        monkeypatch.undo()
        raise ZeroDivisionError

    monkeypatch.setattr("chat.generation.run.wire_events", broken)

    async def act() -> None:
        jobs = [await prepare(one_at_a_time) for _ in range(2)]
        for job in jobs:
            launch(job)
        await until(all_over)
        assert [(await row_of(job.generation.pk)).status for job in jobs] == ["failed", "finished"]

    play(act)


def test_who_tries_again_keeps_its_place(one_at_a_time: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(503, "busy"))
    again = asyncio.Event()

    async def wait(_: float) -> None:
        await again.wait()

    async def act() -> None:
        engine().client = Client(QUICK, sleep=wait)
        first = Reader(await begin(one_at_a_time, "first"))
        second = Reader(await begin(one_at_a_time, "second"))
        await until(lambda: first.frames and queued(second) == [1])
        again.set()
        await second.to_the_end()
        assert [said_to(request) for request in upstream.requests] == ["first", "first", "second"]

    play(act)


def test_when_the_server_goes_down_they_are_interrupted_at_once(
    one_at_a_time: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs gets a while; who waits would begin something new."""
    monkeypatch.setattr(registry, "GRACE_SECONDS", 600)
    [gate] = held(upstream, 1)

    async def act() -> None:
        first = await begin(one_at_a_time)
        await until_asked(upstream, 1)
        waiting = [await begin(one_at_a_time) for _ in range(3)]
        down = asyncio.create_task(shut_down())
        await until(lambda: set(engine().tasks) == {first})
        for id in waiting:
            row = await row_of(id)
            assert (row.status, row.error["retryable"]) == ("interrupted", True)
            assert row.error["message"] == "The server was shut down before this was sent."
            await sync_to_async(check_that_nothing_was_sent)(row, upstream)
        gate.open()
        await asyncio.wait_for(down, 30)
        assert (await row_of(first)).status == "finished"

    play(act)


def test_a_kill_books_nothing_for_one_that_waited(one_at_a_time: Conversation, upstream: Upstream) -> None:
    LanguageModel.objects.update(price_input=1, price_output=1)
    held(upstream, 1)
    ids: list[UUID] = []

    async def wait() -> None:
        ids.extend([await begin(one_at_a_time), await begin(one_at_a_time)])
        await until_stored(lambda: Generation.objects.get(pk=ids[1]).unsent)
        rows.extend([row async for row in Generation.objects.values()])

    rows: list[dict[str, Any]] = []
    play(wait)
    # As it is after a kill: the tasks are gone, and have stored nothing.
    Charge.objects.all().delete()
    for row in rows:
        Generation.objects.filter(pk=row.pop("id")).update(**row)

    async def restart() -> None:
        assert await recover(engine(), all_running=True) == 2

    play(restart)
    called, waited = (Generation.objects.get(pk=id) for id in ids)
    assert (called.status, waited.status) == ("interrupted", "interrupted")
    assert (called.error["message"] == UNSENT, waited.error["message"]) == (False, UNSENT)
    assert called.spent
    assert not waited.spent
    assert list(Charge.objects.values_list("pk", flat=True)) == [called.pk]


def test_what_is_noted_of_one_is_noted_of_no_other(one_at_a_time: Conversation, upstream: Upstream) -> None:
    """Or a kill would book what waited, and not what was sent."""
    first, _ = held(upstream, 2)

    async def act() -> None:
        ids = [await begin(one_at_a_time) for _ in range(3)]
        await until_stored(lambda: Generation.objects.get(pk=ids[2]).unsent)
        assert [(await row_of(id)).unsent for id in ids] == [False, True, True]
        first.open()
        await until_asked(upstream, 2)
        assert [(await row_of(id)).unsent for id in ids] == [False, False, True]

    play(act)


# Meanwhile


def change(provider: Provider, **fields: Any) -> None:
    Provider.objects.filter(pk=provider.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"removed": True}, "Scripted was removed while this waited for its turn"),
        ({"base_url": "https://elsewhere.example/v1"}, "Scripted got another address"),
    ],
)
def test_what_was_taken_away_meanwhile_is_not_asked(
    one_at_a_time: Conversation, provider: Provider, upstream: Upstream, fields: dict[str, Any], words: str
) -> None:
    [gate] = held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        await until_stored(lambda: Generation.objects.get(pk=id).unsent)
        await sync_to_async(change)(provider, **fields)
        gate.open()
        await until(all_over)
        row = await row_of(id)
        assert (row.status, row.error["retryable"]) == ("failed", False)
        assert words in row.error["message"]
        await sync_to_async(check_that_nothing_was_sent)(row, upstream)

    play(act)


def test_the_key_is_the_one_that_there_is_when_the_turn_comes(
    one_at_a_time: Conversation, provider: Provider, upstream: Upstream
) -> None:
    provider.key = "sk-0123456789abcdef"
    provider.save()
    [gate] = held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        await until_stored(lambda: Generation.objects.get(pk=id).unsent)
        await sync_to_async(change)(provider, sealed_key="", key_hint="")
        gate.open()
        await until(all_over)
        assert [request.headers.get("authorization") for request in upstream.requests] == [
            "Bearer sk-0123456789abcdef",
            None,
        ]

    play(act)


def test_a_limit_that_a_newcomer_brings_lets_in_who_waits(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("Hel", gate, "lo"), repeat=True)

    async def act() -> None:
        for limit in (1, 1, 1, 4):
            await begin(await sync_to_async(limited)(conversation, limit))
        await until_asked(upstream, 4)
        gate.open()
        await until(all_over)

    play(act)

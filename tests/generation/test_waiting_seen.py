"""What is seen of a run that waits for its turn: how many are ahead, and no model looks slower for it."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from chat.facts import facts_of
from chat.generation import engine, stop
from chat.inspector import missing
from chat.models import Charge, Conversation, Generation, Message
from chat.timeline import phases_of
from tests.upstream import Upstream

from .playing import Reader, answer_of, begin, play, row_of, text_of, until, until_stored
from .waiting import all_over, held, queued

pytestmark = pytest.mark.django_db(transaction=True)


# What is seen


def test_who_waits_is_told_and_who_comes_late_hears_the_same(
    one_at_a_time: Conversation, upstream: Upstream
) -> None:
    first, second, third = held(upstream, 3)

    async def act() -> None:
        ids = [await begin(one_at_a_time) for _ in range(3)]
        early = [Reader(id) for id in ids]
        await until(lambda: (queued(early[1]), queued(early[2])) == ([1], [2]))
        first.open()
        await until(lambda: (queued(early[1]), queued(early[2])) == ([1, 0], [2, 1]))
        await until(lambda: early[1].text)
        late = [Reader(id) for id in ids]
        second.open()
        third.open()
        for reader in [*early, *late]:
            await reader.to_the_end()
        assert [queued(reader) for reader in early] == [[], [1, 0], [2, 1, 0]]
        assert [queued(reader) for reader in late] == [[], [1, 0], [2, 1, 0]]
        assert {reader.text for reader in [*early, *late]} == {"Hello"}

    play(act)


def test_a_page_that_is_loaded_while_it_waits_is_told_from_the_beginning(
    one_at_a_time: Conversation, upstream: Upstream
) -> None:
    """The words that the database has hold no event yet, however often it was saved meanwhile."""
    held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        await until_stored(lambda: Generation.objects.get(pk=id).unsent)
        await engine().saver._round()
        row = await row_of(id)
        assert (row.status, row.sequence, await text_of(id)) == ("running", 0, "")
        reader = Reader(id, have=row.sequence)
        await until(lambda: queued(reader) == [1])
        answer = await Message.objects.select_related("generation").aget(generation_id=id)
        assert (await sync_to_async(facts_of)(answer))[-1] == "waiting for its turn"
        assert missing(row, None, 0) == "It waits for its turn: nothing was sent yet."

    play(act)


def test_many_moves_at_once_are_one_event(one_at_a_time: Conversation, upstream: Upstream) -> None:
    held(upstream, 1)

    async def act() -> None:
        await begin(one_at_a_time)
        ids = [await begin(one_at_a_time) for _ in range(6)]
        reader = Reader(ids[5])
        await until(lambda: queued(reader) == [6])
        rows = [await row_of(id) for id in ids[:5]]
        await asyncio.gather(*(stop(row) for row in rows))
        await until(lambda: queued(reader)[-1] == 1)
        assert len(queued(reader)) < 6

    play(act)


def test_who_is_blind_is_not_told_whose_provider_has_a_limit(
    one_at_a_time: Conversation, upstream: Upstream
) -> None:
    [gate] = held(upstream, 1)
    one_at_a_time.blind = True
    one_at_a_time.save()

    async def act() -> None:
        await begin(one_at_a_time)
        id = await begin(one_at_a_time)
        reader = Reader(id)
        await until_stored(lambda: Generation.objects.get(pk=id).unsent)
        gate.open()
        await reader.to_the_end()
        assert (queued(reader), reader.status) == ([], "finished")

    play(act)


# How long it took


def test_a_wait_makes_no_model_look_slower(one_at_a_time: Conversation, upstream: Upstream) -> None:
    [gate] = held(upstream, 1)

    async def act() -> None:
        ids = [await begin(one_at_a_time), await begin(one_at_a_time, "a b c")]
        await until_stored(lambda: Generation.objects.get(pk=ids[1]).unsent)
        gate.open()
        await until(all_over)
        rows.extend([await row_of(id) for id in ids])

    rows: list[Generation] = []
    play(act)
    first, second = rows
    assert "queued" not in first.timings
    times = second.timings
    assert 0 < times["queued"] <= times["called"] < times["first_token"] < times["ended"]
    assert second.first_token == pytest.approx(times["first_token"] - times["called"])
    assert second.duration == pytest.approx(times["ended"] - times["called"])
    assert Charge.objects.get(pk=second.pk).first_token == round(second.first_token)
    queue, *_ = phases_of(times, {}, thought=False)
    assert (queue.name, queue.start, queue.end) == ("queued", 0, times["called"])
    assert facts_of(answer_of(second))[1].endswith(" ms in the queue")
    assert not [fact for fact in facts_of(answer_of(first)) if "queue" in fact]

"""Runs that wait for their turn: never more at once than the provider is to have, and no place is lost."""

import asyncio
import random
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chat.completions import Endpoint, Event, Finish, Text
from chat.generation import engine, launch, stop
from chat.generation.begin import Job
from chat.models import Conversation, Generation, Provider
from tests.upstream import Done, Gate, Head, Say, Script, Upstream, stream
from tests.upstream import Finish as LastWords
from tests.upstream.wire import Wire

from .playing import Reader, begin, play, prepare, row_of, text_of, until, until_stored
from .waiting import all_over, limited, queued, said_to, until_asked

pytestmark = pytest.mark.django_db(transaction=True)


# How many at once


@dataclass
class Crowd:
    """How many answers the upstream gives at once. A script that begins with `come` has `go` before its last event."""

    now: int = 0
    most: int = 0

    def script(self, *middle: Any) -> Script:
        return Script([Step(self, 1), Head(), *middle, LastWords("stop"), Step(self, -1), Done()])


@dataclass
class Step:
    crowd: Crowd
    change: int

    async def play(self, wire: Wire) -> None:
        self.crowd.now += self.change
        self.crowd.most = max(self.crowd.most, self.crowd.now)


def test_of_sixteen_never_more_than_three_at_once_and_in_order(
    conversation: Conversation, upstream: Upstream
) -> None:
    crowd, gates = Crowd(), [Gate() for _ in range(16)]
    for gate in gates:
        upstream.script(crowd.script(Say("Hel"), gate, Say("lo")))

    limited(conversation, 3)

    async def act() -> None:
        jobs = [await prepare(conversation, str(number)) for number in range(16)]
        for job in jobs:
            launch(job)
        for number, gate in enumerate(gates):
            await until_asked(upstream, min(number + 3, 16))
            gate.open()
        await until(all_over)
        assert crowd.most == 3
        # The first three went together; from then on one came for each that ended.
        order = [said_to(request) for request in upstream.requests]
        assert sorted(order[:3]) == ["0", "1", "2"]
        assert order[3:] == [str(number) for number in range(3, 16)]
        rows = [await row_of(job.generation.pk) for job in jobs]
        assert {row.status for row in rows} == {"finished"}
        assert {await text_of(row.pk) for row in rows} == {"Hello"}

    play(act)


def test_without_pauses_it_is_the_same(conversation: Conversation, upstream: Upstream) -> None:
    crowd = Crowd()
    upstream.script(crowd.script(Say("Hello")), repeat=True)

    limited(conversation, 2)

    async def act() -> None:
        for job in [await prepare(conversation, str(number)) for number in range(40)]:
            launch(job)
        await until(all_over)
        assert len(upstream.requests) == 40
        assert crowd.most <= 2

    play(act)


def test_without_a_limit_nothing_else_holds_them_back(conversation: Conversation, upstream: Upstream) -> None:
    """Neither connections to one host nor threads of the database."""
    crowd, gate = Crowd(), Gate()
    upstream.script(crowd.script(Say("Hel"), gate, Say("lo")), repeat=True)

    async def act() -> None:
        jobs = [await prepare(conversation, str(number)) for number in range(64)]
        for job in jobs:
            launch(job)
        readers = [Reader(job.generation.pk) for job in jobs]
        await until(lambda: all(reader.text == "Hel" for reader in readers))
        assert crowd.now == 64
        gate.open()
        for reader in readers:
            await reader.to_the_end()
            assert queued(reader) == []

    play(act)


def test_one_provider_does_not_hold_up_another(
    one_at_a_time: Conversation, upstream: Upstream, alice: Any
) -> None:
    other = Provider.objects.create(name="Other", base_url=f"{upstream.base_url}/other", most_at_once=1)
    elsewhere = Conversation.objects.create(owner=alice, provider=other, model="scripted")
    upstream.script(stream("Hel", Gate()), path="/v1/chat/completions", repeat=True)

    async def act() -> None:
        await begin(one_at_a_time)
        await until_asked(upstream, 1)
        await begin(one_at_a_time)
        id = await begin(elsewhere, "over here")
        await until_stored(lambda: Generation.objects.get(pk=id).status == "finished")
        assert len(upstream.requests) == 2

    play(act)


# Stops that meet the turn


class Quick:
    """A provider in memory that is over after a few steps. Knows how many ask it at once."""

    def __init__(self) -> None:
        self.asking = self.most = 0

    async def stream(
        self, endpoint: Endpoint, body: Mapping[str, Any], **_: Any
    ) -> AsyncGenerator[Event, None]:
        self.asking += 1
        self.most = max(self.most, self.asking)
        try:
            for number in range(random.randrange(4)):
                yield Text(f"{number} ")
                await asyncio.sleep(0)
            yield Finish("stop", "stop")
        finally:
            self.asking -= 1

    async def aclose(self) -> None: ...


async def stop_at_some_moment(job: Job) -> None:
    for _ in range(random.randrange(400)):
        await asyncio.sleep(0)
    await stop(job.generation)


def test_no_place_is_lost_whenever_one_stops(conversation: Conversation) -> None:
    quick = Quick()
    limited(conversation, 3)

    async def act() -> None:
        engine().client = quick  # type: ignore[assignment]
        jobs = [await prepare(conversation, str(number)) for number in range(120)]
        for job in jobs:
            launch(job)
        await asyncio.gather(*(stop_at_some_moment(job) for job in jobs[::2]))
        await until(all_over)
        stored = [(await row_of(job.generation.pk)).status for job in jobs]
        assert set(stored[::2]) <= {"stopped", "finished"}
        assert set(stored[1::2]) == {"finished"}

    play(act)
    assert (quick.asking, quick.most) == (0, 3)

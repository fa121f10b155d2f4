"""The server goes down: nothing new starts, what runs gets a while, nothing is left running."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from chat.generation import engine, launch, registry, shut_down
from chat.models import Conversation, Generation
from chat.sending import send
from tests.upstream import Hang, Head, Say, Script, Upstream, stream
from tests.upstream.steps import Pause

from .playing import Reader, begin, play, prepare, row_of, text_of, until

pytestmark = pytest.mark.django_db(transaction=True)
HANGS = Script([Head(), Say("So far"), Hang()])


@pytest.fixture(autouse=True)
def a_short_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "GRACE_SECONDS", 0.3)


def test_what_is_nearly_done_is_done(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("Nearly", Pause(0.05), " done"))

    async def act() -> None:
        id = await begin(conversation)
        await shut_down()
        assert ((await row_of(id)).status, await text_of(id)) == ("finished", "Nearly done")

    play(act)


def test_what_takes_longer_is_interrupted_with_its_words(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(HANGS)

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        await shut_down()
        generation = await row_of(id)
        assert (generation.status, await text_of(id)) == ("interrupted", "So far")
        assert "shut down" in generation.error["message"]
        assert generation.error["retryable"] is True

    play(act)


def test_it_takes_no_longer_than_the_grace(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(HANGS, repeat=True)

    async def act() -> None:
        for _ in range(10):
            await begin(conversation)
        await asyncio.wait_for(shut_down(), 30)
        assert not await sync_to_async(Generation.objects.all().running().exists)()

    play(act)


def test_with_nothing_running_it_is_over_at_once(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "GRACE_SECONDS", 600)

    async def act() -> None:
        await asyncio.wait_for(shut_down(), 30)

    play(act)


def test_one_that_began_in_the_very_last_moment_is_not_left_running(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream.script(HANGS, repeat=True)
    monkeypatch.setattr(registry, "GRACE_SECONDS", 0.05)

    async def act() -> None:
        jobs = [await prepare(conversation) for _ in range(3)]
        launch(jobs[0])
        down = asyncio.create_task(shut_down())
        await asyncio.sleep(0.02)
        launch(jobs[1])
        await down
        assert {(await row_of(job.generation.pk)).status for job in jobs[:2]} == {"interrupted"}

    play(act)


def test_the_server_knows_that_it_is_closing(conversation: Conversation, upstream: Upstream) -> None:
    async def act() -> None:
        assert not engine().closing
        await shut_down()
        assert engine().closing

    play(act)


def test_sending_only_stores_and_so_can_be_undone(conversation: Conversation) -> None:
    job = send(conversation, None, "Hi")
    assert job.generation.status == "running"
    assert job.generation.lease_until is not None

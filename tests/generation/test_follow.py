"""A page hears that what its conversation shows has changed."""

import asyncio
from typing import Any

import orjson
import pytest
from asgiref.sync import sync_to_async

from chat.generation import engine, follow
from chat.models import Conversation, Message

from .playing import play, until

pytestmark = pytest.mark.django_db(transaction=True)


class Follower:
    def __init__(self, conversation: Conversation, version: int) -> None:
        self.versions: list[int] = []
        self.id = conversation.pk
        self.task = asyncio.get_running_loop().create_task(self._listen(version))

    async def _listen(self, version: int) -> None:
        async for line in follow.follow(engine(), "conversation", self.id, version):
            frame: dict[str, Any] = orjson.loads(line)
            assert (frame["type"], frame["conversation"]) == ("changed", str(self.id))
            self.versions.append(frame["version"])

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def change(conversation: Conversation, *, ring: bool = True) -> None:
    def show() -> None:
        conversation.show(Message.objects.create(conversation=conversation, role="user"))

    await sync_to_async(show)()
    if ring:
        engine().doorbell.ring(f"conversation.{conversation.pk}")


def test_each_change_is_told_with_its_version(conversation: Conversation) -> None:
    async def act() -> None:
        follower = Follower(conversation, 0)
        await until(lambda: engine().doorbell._bells)
        for version in (1, 2, 3):
            await change(conversation)
            await until(lambda version=version: follower.versions[-1:] == [version])
        assert follower.versions == [1, 2, 3]
        await follower.leave()

    play(act)


def test_a_page_that_is_behind_hears_at_once(conversation: Conversation) -> None:
    async def act() -> None:
        await change(conversation)
        follower = Follower(conversation, 0)
        await until(lambda: follower.versions == [1])
        await follower.leave()

    play(act)


def test_a_ring_without_a_change_says_nothing(conversation: Conversation) -> None:
    async def act() -> None:
        follower = Follower(conversation, 0)
        await until(lambda: engine().doorbell._bells)
        for _ in range(5):
            engine().doorbell.ring(f"conversation.{conversation.pk}")
            await asyncio.sleep(0.005)
        await change(conversation)
        await until(lambda: follower.versions)
        assert follower.versions == [1]
        await follower.leave()

    play(act)


def test_a_lost_ring_costs_time_and_nothing_else(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "SECONDS_BETWEEN_LOOKS", 0.02)

    async def act() -> None:
        follower = Follower(conversation, 0)
        await change(conversation, ring=False)
        await until(lambda: follower.versions == [1])
        await follower.leave()

    play(act)


def test_a_deleted_conversation_is_followed_no_more(conversation: Conversation) -> None:
    async def act() -> None:
        follower = Follower(conversation, 0)
        await until(lambda: engine().doorbell._bells)
        await sync_to_async(conversation.delete_for_now)()
        engine().doorbell.ring(f"conversation.{conversation.pk}")
        await asyncio.wait_for(follower.task, 5)
        assert not engine().doorbell._bells

    play(act)

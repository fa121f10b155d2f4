"""Following a conversation or a comparison: told when it changed, and no longer than wished."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import add_empty_pane, compare
from chat.consumers import BAD_FRAME, MOST_AT_ONCE
from chat.generation import engine
from chat.generation.follow import topic_of
from chat.models import Comparison, Conversation, Generation, Message
from chat.models.copying import copy_settings
from tests.generation.playing import until
from tests.views.sockets import Page, log, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_layer_in_memory")]


def test_a_change_of_what_is_shown_is_told(conversation: Conversation) -> None:
    def change() -> None:
        conversation.show(Message.objects.create(conversation=conversation, role="user"))

    async def act(page: Page) -> None:
        await page.say(type="follow", conversation=conversation.pk, version=0)
        await until(lambda: engine().doorbell._bells)
        for version in (1, 2):
            await sync_to_async(change)()
            engine().doorbell.ring(f"conversation.{conversation.pk}")
            assert await page.hear() == {
                "type": "changed",
                "conversation": str(conversation.pk),
                "version": version,
            }

    visit(conversation.owner, act)


def test_several_conversations_are_followed_and_each_is_told_of_by_its_name(
    conversation: Conversation, alice: Any
) -> None:
    other = Conversation.objects.create(owner=alice, version=5)

    async def act(page: Page) -> None:
        await page.say(type="follow", conversation=conversation.pk, version=conversation.version)
        await page.say(type="follow", conversation=other.pk, version=4)
        assert await page.hear() == {"type": "changed", "conversation": str(other.pk), "version": 5}
        topics = {f"conversation.{conversation.pk}", f"conversation.{other.pk}"}
        await until(lambda: set(engine().doorbell._bells) == topics)
        await sync_to_async(show_something)(conversation)
        engine().doorbell.ring(f"conversation.{conversation.pk}")
        heard = await page.hear()
        assert (heard["conversation"], heard["version"]) == (str(conversation.pk), conversation.version + 1)

    visit(alice, act)


def show_something(conversation: Conversation) -> None:
    row = Conversation.objects.get(pk=conversation.pk)
    row.show(Message.objects.create(conversation=row, role="user"))


def test_following_again_begins_again_and_once(conversation: Conversation) -> None:
    async def act(page: Page) -> None:
        for version in (7, 8, 9):
            await page.say(type="follow", conversation=conversation.pk, version=version)
            assert (await page.hear())["version"] == conversation.version
        assert [len(bells) for bells in engine().doorbell._bells.values()] == [1]
        assert await page.wire.receive_nothing(0.05)

    visit(conversation.owner, act)


def test_a_conversation_is_unfollowed_and_the_other_is_not(conversation: Conversation, alice: Any) -> None:
    other = Conversation.objects.create(owner=alice, version=5)

    async def act(page: Page) -> None:
        for each in (conversation, other):
            await page.say(type="follow", conversation=each.pk, version=each.version)
        await until(lambda: len(engine().doorbell._bells) == 2)
        await page.say(type="unfollow", conversation=conversation.pk)
        await until(lambda: set(engine().doorbell._bells) == {f"conversation.{other.pk}"})
        await page.say(type="unfollow", conversation=conversation.pk)
        assert await page.is_alive()
        await sync_to_async(show_something)(conversation)
        engine().doorbell.ring(f"conversation.{conversation.pk}")
        assert await page.wire.receive_nothing(0.05)

    visit(alice, act)


def test_what_is_watched_and_followed_together_is_bounded(conversation: Conversation, alice: Any) -> None:
    """A comparison of sixteen panes with seven answers each is fine, also said once more. One thing more is not."""
    comparison = Comparison.objects.create(owner=alice)
    panes = Conversation.objects.bulk_create(Conversation(owner=alice) for _ in range(16))
    fields: Any = {"owner": alice, "conversation": conversation, "model": "m"}
    rows = Generation.objects.bulk_create(Generation(**fields) for _ in range(16 * 7))

    async def act(page: Page) -> None:
        for row in rows:
            log(row.pk, "a")
        for _ in range(2):
            await page.say(type="follow", comparison=comparison.pk, version=0)
            for pane in panes:
                await page.say(type="follow", conversation=pane.pk, version=0)
            for row in rows:
                await page.watch(row.pk)
        assert await page.is_alive()
        await until(lambda: len(engine().doorbell._bells) == MOST_AT_ONCE)
        await page.say(type="follow", conversation=conversation.pk, version=0)
        assert await page.closes_with() == BAD_FRAME

    visit(alice, act)


def test_who_follows_a_comparison_hears_when_its_panes_change(conversation: Conversation, alice: Any) -> None:
    comparison = compare(alice, [conversation, copy_settings(conversation)])

    async def act(page: Page) -> None:
        await page.say(type="follow", comparison=comparison.pk, version=0)
        await until(lambda: engine().doorbell._bells)
        await sync_to_async(add_empty_pane)(comparison)
        engine().doorbell.ring(topic_of("comparison", comparison.pk))
        frame = await page.hear()
        assert frame == {"type": "changed", "comparison": str(comparison.pk), "version": 1}
        await page.say(type="unfollow", comparison=comparison.pk)
        await until(lambda: not engine().doorbell._bells)

    visit(alice, act)


def test_nobody_hears_of_a_comparison_of_somebody_else(conversation: Conversation, bob: Any) -> None:
    comparison = compare(conversation.owner, [conversation, copy_settings(conversation)])

    async def act(page: Page) -> None:
        await page.say(type="follow", comparison=comparison.pk, version=5)
        assert await page.is_alive()
        assert not engine().doorbell._bells

    visit(bob, act)

"""The page's one socket: following a conversation, rings from elsewhere, and what is no frame."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer, get_channel_layer

from chat import consumers
from chat.comparisons.panes import add_empty_pane, compare
from chat.consumers import BAD_FRAME, FAILED, MOST_AT_ONCE, SIGNED_OUT
from chat.generation import engine
from chat.generation.follow import topic_of
from chat.generation.log import MemoryLog
from chat.models import Comparison, Conversation, Generation, Message
from chat.models.copying import copy_settings
from tests.generation.playing import until
from tests.views.sockets import Page, end, log, visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _all_in_memory(settings: Any) -> None:
    """What is appended can be read at once, and who listens can be counted. Redis has tests of its own."""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.fixture
def running(conversation: Conversation) -> Generation:
    return Generation.objects.create(owner=conversation.owner, conversation=conversation, model="m")


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield


# Following


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


# What is no frame


AN_ID = "01a1fbd3-e8c4-7642-ba49-f1ea415f5113"


def watch(have: str, id: str = f'"{AN_ID}"') -> str:
    return f'{{"type": "watch", "generation": {id}, "have": {have}}}'


MALFORMED = [
    " ", "x", "null", "[]", "7", '"watch"', "{}", '{"type": null}', '{"type": []}', '{"type": "sing"}',
    '{"type": "_watch"}', '{"type": "watch"}', watch("0", id="5"), watch("0", id='"x"'), watch("0", id="[]"),
    watch("-1"), watch('"many"'), watch("null"), watch("1e999"), watch("{}"),
    '{"type": "ack"}', '{"type": "leave"}', '{"type": "follow"}',
    '{"type": "follow", "conversation": {}, "version": 0}', "[" * 5000, '{"type": "unfollow"}',
    '{"type": "unfollow", "conversation": 7}', '{"type": "unfollow", "conversation": "x"}',
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_frame_closes_the_socket(alice: Any, text: str) -> None:
    async def act(page: Page) -> None:
        await page.wire.send_to(text_data=text)
        assert await page.closes_with() == BAD_FRAME

    visit(alice, act)


def test_bytes_are_no_frame(alice: Any) -> None:
    async def act(page: Page) -> None:
        await page.wire.send_to(bytes_data=b'{"type": "ping"}')
        assert await page.closes_with() == BAD_FRAME

    visit(alice, act)


def test_a_ping_is_answered(alice: Any) -> None:
    async def act(page: Page) -> None:
        await page.say(type="ping")
        assert await page.hear() == {"type": "pong"}

    visit(alice, act)


# Rings from other processes


def groups() -> dict[str, Any]:
    layer: Any = get_channel_layer()
    return dict(layer.groups)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where several processes share the log."""
    monkeypatch.setattr(MemoryLog, "shared", True)


def test_rings_of_other_processes_are_heard_while_it_watches_and_no_longer(
    running: Generation, conversation: Conversation, shared: None
) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a")
        await page.watch(running.pk)
        await page.say(type="follow", conversation=conversation.pk, version=0)
        await page.hear()
        await until(
            lambda: set(groups()) == {f"doorbell.{running.pk}", f"doorbell.conversation.{conversation.pk}"}
        )
        await page.say(type="leave", generation=running.pk)
        await until(lambda: set(groups()) == {f"doorbell.conversation.{conversation.pk}"})
        await page.say(type="unfollow", conversation=conversation.pk)
        await until(lambda: not groups())

    visit(running.owner, act)
    assert groups() == {}


def test_an_answer_that_ended_is_rung_for_no_longer(running: Generation, shared: None) -> None:
    async def act(page: Page) -> None:
        end(running.pk)
        await page.watch(running.pk)
        await page.hear()
        await until(lambda: not groups())

    visit(running.owner, act)


def test_watching_again_stays_in_earshot(running: Generation, shared: None) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a")
        for _ in range(3):
            await page.watch(running.pk)
            await page.hear()
        await asyncio.sleep(0.02)
        assert set(groups()) == {f"doorbell.{running.pk}"}

    visit(running.owner, act)


def test_a_ring_through_the_layer_wakes_who_watches(running: Generation, shared: None) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a")
        await page.watch(running.pk)
        await page.hear()
        engine().log.append(str(running.pk), [b'{"type":"text","choice":0,"text":"b"}'])
        layer: Any = get_channel_layer()
        ring = {"type": "doorbell.rang", "topic": str(running.pk)}
        await layer.group_send(f"doorbell.{running.pk}", ring)
        assert (await asyncio.wait_for(page.hear(), 0.9))["from"] == 1

    visit(running.owner, act)


def test_a_layer_that_is_away_costs_time_and_nothing_else(
    running: Generation, shared: None, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    async def away(*_: Any) -> None:
        raise ConnectionRefusedError("no Redis")

    for act in ("group_add", "group_discard"):
        monkeypatch.setattr(InMemoryChannelLayer, act, away)

    async def act_(page: Page) -> None:
        log(running.pk, "a")
        await page.watch(running.pk)
        await page.hear()
        end(running.pk)
        assert (await page.hear())["events"][0]["type"] == "end"

    visit(running.owner, act_)


# When it fails


def test_a_reading_that_fails_closes_the_socket_so_that_the_page_comes_again(
    running: Generation, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    async def act(page: Page) -> None:
        async def broken(*_: Any) -> Any:
            raise ZeroDivisionError

        monkeypatch.setattr(engine().log, "read", broken)
        await page.watch(running.pk)
        assert await page.closes_with() == FAILED

    visit(running.owner, act)


def test_the_codes_are_those_of_the_protocol() -> None:
    assert (BAD_FRAME, SIGNED_OUT, FAILED) == (4400, 4401, 4500)
    assert consumers.SECONDS_BETWEEN_CHECKS_OF_THE_SESSION <= 5

"""The page's one socket: following a conversation, rings from elsewhere, and what is no frame."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer, get_channel_layer

from chat import consumers
from chat.consumers import BAD_FRAME, FAILED, SIGNED_OUT
from chat.generation import engine
from chat.generation.log import MemoryLog
from chat.models import Conversation, Generation, Message
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


def test_the_newest_conversation_is_the_one_that_is_followed(conversation: Conversation, alice: Any) -> None:
    other = Conversation.objects.create(owner=alice, version=5)

    async def act(page: Page) -> None:
        await page.say(type="follow", conversation=conversation.pk, version=0)
        await page.say(type="follow", conversation=other.pk, version=4)
        assert (await page.hear())["conversation"] == str(other.pk)
        await until(lambda: set(engine().doorbell._bells) == {f"conversation.{other.pk}"})

    visit(alice, act)


# What is no frame


AN_ID = "01a1fbd3-e8c4-7642-ba49-f1ea415f5113"


def watch(have: str, id: str = f'"{AN_ID}"') -> str:
    return f'{{"type": "watch", "generation": {id}, "have": {have}}}'


MALFORMED = [
    " ", "x", "null", "[]", "7", '"watch"', "{}", '{"type": null}', '{"type": []}', '{"type": "sing"}',
    '{"type": "_watch"}', '{"type": "watch"}', watch("0", id="5"), watch("0", id='"x"'), watch("0", id="[]"),
    watch("-1"), watch('"many"'), watch("null"), watch("1e999"), watch("{}"),
    '{"type": "ack"}', '{"type": "leave"}', '{"type": "follow"}',
    '{"type": "follow", "conversation": {}, "version": 0}', "[" * 5000,
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
        await page.say(type="follow", conversation=(await another(conversation)).pk, version=0)
        await until(lambda: f"doorbell.conversation.{conversation.pk}" not in groups())
        assert len(groups()) == 1

    visit(running.owner, act)
    assert groups() == {}


async def another(conversation: Conversation) -> Conversation:
    return await Conversation.objects.acreate(owner=conversation.owner)


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

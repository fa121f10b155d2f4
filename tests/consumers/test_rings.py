"""Rings from elsewhere: heard while one watches, and their absence costs time and nothing else."""

import asyncio
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer

from chat.generation import engine
from chat.generation.log import MemoryLog
from chat.models import Conversation, Generation
from tests.generation.playing import until
from tests.views.sockets import Page, end, log, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_layer_in_memory")]


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

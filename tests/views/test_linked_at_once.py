"""What is set in one linked pane stays in the others, whatever else happens there in the same moment."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import compare, numbered
from chat.models import Comparison, Conversation
from chat.models.copying import copy_settings
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, visit
from .comparing import Tab, at_once, of_size, well

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


async def chooses_a_model(tab: Tab, number: int) -> Any:
    there = tab.panes[1].conversation
    address = f"/c/{there.pk}/settings/"
    return await tab.browser.post(address, provider=there.provider_id, model=f"model-{number}")


async def asks_again(tab: Tab, number: int) -> Any:
    return await tab.ask_again((await branch(tab.panes[1].conversation))[-1])


async def writes(tab: Tab, number: int) -> Any:
    return await tab.write(tab.panes[1], f"Question {number}")


async def sweeps(tab: Tab, number: int) -> Any:
    fields = {"kind": "parameter", "parameter": "temperature", "values": "0\n1", "as": "panes"}
    there = tab.panes[1].conversation_id
    return await tab.browser.command(f"{tab.address}sweep/", conversation=there, **fields)


async def moves(tab: Tab, number: int) -> Any:
    return await tab.move(tab.panes[1], number % 2)


@pytest.mark.parametrize("act", [chooses_a_model, asks_again, writes, sweeps, moves])
def test_no_change_is_lost(
    conversation: Conversation, upstream: Upstream, act: Callable[[Tab, int], Awaitable[Any]]
) -> None:
    async def work(browser: Browser) -> None:
        for number in range(ROUNDS):
            tab = await Tab(browser, await sync_to_async(of_size)(conversation, 3)).look()
            await tab.hears("Hello")
            for response in await at_once(act(tab, number), tab.set(tab.panes[0], seed=number)):
                well(response)
            await all_answered()
            there = await Conversation.objects.aget(pk=tab.panes[1].conversation_id)
            assert there.settings["seed"] == number

    visit(conversation.owner, work)


@pytest.mark.parametrize("act", ["regenerate", "write", "edit and run"])
def test_settings_that_go_along_with_a_command_reach_the_linked_panes(
    conversation: Conversation, upstream: Upstream, act: str
) -> None:
    async def work(browser: Browser) -> None:
        tab = await Tab(browser, await sync_to_async(of_size)(conversation, 3)).look()
        await tab.hears("Hello")
        there = tab.panes[1]
        fields = {
            "pane": there.pk,
            "message": "More",
            "text": "Hi",
            "run": "on",
            "temperature": "0.3",
            "shown": tab.ends[there.key],
        }
        question, answer = await branch(there.conversation)
        address = {
            "write": f"/c/{there.conversation_id}/messages/",
            "regenerate": f"/messages/{answer.pk}/alternatives/",
            "edit and run": f"/messages/{question.pk}/edits/",
        }[act]
        well(await browser.command(address, **fields))
        await all_answered()
        await tab.look()
        assert [pane.conversation.settings for pane in tab.panes] == [{"temperature": 0.3}] * 3
        assert upstream.requests[-1].body["temperature"] == 0.3

    visit(conversation.owner, work)


def test_two_comparisons_that_share_a_pane_wait_for_nobody_in_a_circle(
    conversation: Conversation, upstream: Upstream
) -> None:
    first = of_size(conversation, 2)
    shared = numbered(first)[0].conversation
    second = compare(conversation.owner, [shared, copy_settings(conversation)])

    async def work(browser: Browser) -> None:
        one, other = await Tab(browser, first).look(), await Tab(browser, second).look()
        await one.hears("Hello")
        await other.look()
        acts = [act for _ in range(4) for act in (one.send("One"), other.send("Two"), one.run(), other.run())]
        assert {response.status_code for response in await at_once(*acts)} <= {200, 409}
        await all_answered()

    visit(conversation.owner, work)


def test_a_pane_that_is_moved_several_times_at_once_has_one_place(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def work(browser: Browser) -> None:
        for _ in range(ROUNDS):
            tab = await Tab(browser, await sync_to_async(of_size)(conversation, 4)).look()
            for response in await at_once(*(tab.move(tab.panes[0], place) for place in (1, 3, 0, 2))):
                well(response)
            comparison = Comparison.objects.filter(pk=tab.comparison.pk)
            places = [place async for place in comparison.values_list("panes__position", flat=True)]
            assert sorted(places) == [0, 1, 2, 3]

    visit(conversation.owner, work)


def test_a_chat_that_was_deleted_elsewhere_is_not_left_out_in_silence(
    conversation: Conversation, upstream: Upstream
) -> None:
    conversation.save()
    comparison = compare(conversation.owner, [conversation, copy_settings(conversation)])

    async def work(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        before = len(upstream.requests)
        well(await browser.post(f"/c/{conversation.pk}/deletion/"))
        response = await tab.send("Hello")
        assert response.status_code == 409
        assert "Another tab has added or removed panes" in response.content.decode()
        assert len(upstream.requests) == before
        assert (await Comparison.objects.aget(pk=comparison.pk)).version == comparison.version + 1

    visit(conversation.owner, work)

"""The panes of a comparison over HTTP: added, copied and moved."""

import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Charge, Comparison, Conversation, Pane
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, branch, texts, visit
from .comparing import Tab, at_once, ids, of_size, order_in, well

pytestmark = pytest.mark.django_db(transaction=True)


# Added


def test_an_empty_pane_comes_at_the_end(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        before = ids(tab)
        order = order_in(await tab.add())
        await tab.look()
        assert order == ids(tab)
        assert ids(tab)[:3] == before
        assert tab.panes[3].conversation.model == "c"
        assert [len(said) for said in await tab.says()] == [2, 2, 2, 0]
        pane = (await browser.get(f"/panes/{tab.panes[3].pk}/")).content.decode()
        assert f'id="pane-{tab.panes[3].pk}"' in pane
        assert 'aria-label="Pane 4"' in pane
        assert json.loads((await browser.get(f"{tab.address}order/")).content) == {"order": order}

    visit(comparison.owner, act)


def test_a_copy_comes_beside_the_original_with_its_words_and_figures(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        first = tab.panes[0]
        order = order_in(await tab.copy(first))
        await tab.look()
        copy = tab.panes[1]
        assert order == ids(tab)
        assert tab.panes[0] == first
        assert await texts(copy.conversation) == ["Hello", "Hello"]
        [_, original], [_, copied] = await branch(first.conversation), await branch(copy.conversation)
        assert copied.call == original.call
        page = (await browser.get(f"/panes/{copy.pk}/")).content.decode()
        assert f"/generations/{original.generation_id}/" in page
        assert "7 tok" in page
        assert await Charge.objects.acount() == 3
        assert not (await Conversation.objects.aget(pk=copy.conversation_id)).listed

    visit(comparison.owner, act)


def test_a_copy_of_one_that_answers_has_what_is_finished(comparison: Comparison, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("one"), model="a")
    upstream.script(stream("so f", gate, "ar"), model="a")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        well(await tab.send("Go on"))
        await sync_to_async(gate.wait_until_reached)()
        well(await tab.copy(tab.panes[0]))
        await tab.look()
        assert await texts(tab.panes[1].conversation) == ["Hello", "one", "Go on"]
        gate.open()
        await all_answered()
        assert await texts(tab.panes[0].conversation) == ["Hello", "one", "Go on", "so far"]
        assert await texts(tab.panes[1].conversation) == ["Hello", "one", "Go on"]
        await tab.look()
        well(await tab.run(tab.panes[1]))
        await all_answered()
        assert (await texts(tab.panes[1].conversation))[:3] == ["Hello", "one", "Go on"]

    visit(comparison.owner, act)


@pytest.mark.parametrize("how", ["one after the other", "at once"])
def test_one_command_adds_one_pane(comparison: Comparison, upstream: Upstream, how: str) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        for more in ({}, {"copy": tab.panes[0].pk}):
            before, id = len(tab.panes), uuid4()
            sent = [tab.add(command=id, **more) for _ in range(3)]
            responses = await at_once(*sent) if how == "at once" else [await each for each in sent]
            await tab.look()
            assert len(tab.panes) == before + 1
            assert [order_in(response) for response in responses] == [ids(tab)] * 3

    visit(comparison.owner, act)


def test_the_seventeenth_is_refused(conversation: Conversation) -> None:
    comparison = of_size(conversation, 16)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        for response in (await tab.add(), await tab.copy(tab.panes[0])):
            assert response.status_code == 409
            assert "at most 16 panes" in response.content.decode()
        assert len((await tab.look()).panes) == 16
        assert await Conversation.objects.acount() == 17

    visit(conversation.owner, act)


def test_one_command_that_adds_the_sixteenth_three_times_at_once_is_not_refused(
    conversation: Conversation,
) -> None:
    comparison = of_size(conversation, 15)

    async def act(browser: Browser) -> None:
        tab, id = await Tab(browser, comparison).look(), uuid4()
        responses = await at_once(*(tab.add(command=id) for _ in range(3)))
        await tab.look()
        assert [order_in(response) for response in responses] == [ids(tab)] * 3
        assert len(tab.panes) == 16

    visit(conversation.owner, act)


def test_two_that_are_added_at_once_to_fifteen_are_one_more(conversation: Conversation) -> None:
    comparison = of_size(conversation, 15)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        responses = await at_once(tab.add(), tab.copy(tab.panes[0]))
        assert sorted(response.status_code for response in responses) == [204, 409]
        assert len((await tab.look()).panes) == 16

    visit(conversation.owner, act)


def test_a_copy_is_of_a_pane_of_this_comparison(comparison: Comparison, conversation: Conversation) -> None:
    elsewhere = of_size(conversation, 2).shown_panes()[0]

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        assert (await tab.copy(elsewhere)).status_code == 404
        assert (await tab.add(copy=uuid4())).status_code == 404
        assert (await tab.add(copy="x")).status_code == 422
        assert (await tab.add(command="x")).status_code == 422
        assert await Pane.objects.acount() == 5

    visit(comparison.owner, act)


# Moved


def test_a_pane_is_moved(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first, second, third = ids(tab)
        assert order_in(await tab.move(tab.panes[2], 0)) == [third, first, second]
        assert order_in(await tab.move(tab.panes[2], 999)) == [first, second, third]
        for place in (-1, 1001, "x", "", 1.5, "9" * 5000):
            assert (await tab.move(tab.panes[2], place)).status_code == 422  # type: ignore[arg-type]
        assert ids(await tab.look()) == [first, second, third]

    visit(comparison.owner, act)


def test_what_is_moved_while_it_answers_goes_on(comparison: Comparison, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("so f", gate, "ar"), model="a")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        await sync_to_async(gate.wait_until_reached)()
        well(await tab.move(tab.panes[0], 2))
        gate.open()
        await all_answered()
        assert await tab.says() == [["Hello", "Hello"], ["Hello", "Hello"], ["Hello", "so far"]]

    visit(comparison.owner, act)

"""The panes of a comparison over HTTP: removed and brought back, also while they answer."""

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import compare
from chat.models import Charge, Comparison, Conversation, Generation, Message
from chat.models.copying import copy_settings
from tests.generation.playing import until_stored
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, texts, visit
from .comparing import Tab, at_once, of_size, order_in, well

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pane_is_removed_and_brought_back_to_its_place(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        first, second, third = tab.panes
        response = await tab.remove(second)
        assert order_in(response) == [str(first.pk), str(third.pk)]
        assert "Pane removed" in response.content.decode()
        assert (await tab.remove(second)).status_code == 404
        assert (await browser.get(f"/panes/{second.pk}/")).status_code == 404
        assert (await browser.get(f"/c/{second.conversation_id}/")).status_code == 404
        assert (await browser.get(tab.address)).content.decode().count('class="pane"') == 2
        assert order_in(await tab.bring_back(second)) == [str(pane.pk) for pane in (first, second, third)]
        assert (await tab.bring_back(second)).status_code == 404
        assert await tab.says() == [["Hello", "Hello"]] * 3

    visit(comparison.owner, act)


def test_at_least_two_stay(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.remove(tab.panes[0]))
        response = await tab.remove(tab.panes[1])
        assert response.status_code == 409
        assert "at least 2 panes" in response.content.decode()

    visit(comparison.owner, act)


def test_two_that_are_removed_at_once_from_three_are_one_less(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        responses = await at_once(*(tab.remove(pane) for pane in tab.panes[:2]))
        assert sorted(response.status_code for response in responses) == [200, 409]
        assert len((await tab.look()).panes) == 2

    visit(comparison.owner, act)


def test_what_is_removed_in_another_tab_while_it_answers_is_stopped_and_settled(
    comparison: Comparison, upstream: Upstream
) -> None:
    gates = {model: Gate() for model in "abc"}
    for model, gate in gates.items():
        upstream.script(stream("so f", gate, "ar"), model=model)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        other = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        for gate in gates.values():
            await sync_to_async(gate.wait_until_reached)()
        second = tab.panes[1]
        generation = await Generation.objects.aget(conversation=second.conversation_id)
        well(await other.remove(second))
        await until_stored(lambda: Generation.objects.get(pk=generation.pk).status == "stopped")
        assert await Charge.objects.filter(pk=generation.pk).aexists()
        assert (await Message.objects.aget(generation=generation)).text == "so f"
        running = await Generation.objects.running().acount()
        assert running == 2, "the others go on"
        for path in (
            f"/c/{second.conversation_id}/",
            f"/panes/{second.pk}/",
            f"/generations/{generation.pk}/",
        ):
            assert (await browser.get(path)).status_code == 404
        assert (await tab.write(second, "still there?")).status_code == 404
        assert (await tab.set(second, seed="1")).status_code == 404
        assert (await tab.move(second, 0)).status_code == 404
        assert (await tab.copy(second)).status_code == 404
        assert (await browser.get(tab.address)).status_code == 200
        for gate in gates.values():
            gate.open()
        await all_answered()
        assert await tab.says() == [["Hello", "so far"]] * 2
        await other.look()
        await other.hears("Go on")
        well(await other.bring_back(second))
        assert await texts(second.conversation) == ["Hello", "so f"]

    visit(comparison.owner, act)


def test_a_chat_that_is_removed_stays_in_the_history_and_goes_on(
    conversation: Conversation, upstream: Upstream
) -> None:
    comparison = compare(conversation.owner, [conversation, *(copy_settings(conversation) for _ in range(2))])
    gate = Gate()
    upstream.script(stream("so f", gate, "ar"))

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.write(tab.panes[0], "Hello"))
        await sync_to_async(gate.wait_until_reached)()
        response = await tab.remove(tab.panes[0])
        assert "its chat stays in the history" in response.content.decode()
        gate.open()
        await all_answered()
        assert await texts(conversation) == ["Hello", "so far"]
        assert str(conversation.pk) in (await browser.get("/history/")).content.decode()
        well(await browser.post(f"/c/{conversation.pk}/deletion/"))
        assert (await tab.bring_back(tab.panes[0])).status_code == 404, "the chat itself was deleted"
        well(await browser.delete(f"/c/{conversation.pk}/deletion/"))
        well(await tab.bring_back(tab.panes[0]))
        assert (await tab.says())[0] == ["Hello", "so far"]

    visit(conversation.owner, act)


def test_the_place_of_what_was_removed_may_be_taken(conversation: Conversation) -> None:
    comparison = of_size(conversation, 16)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        removed = tab.panes[3]
        well(await tab.remove(removed))
        well(await tab.add())
        response = await tab.bring_back(removed)
        assert response.status_code == 409
        assert "at most 16 panes" in response.content.decode()
        assert removed.pk not in {pane.pk for pane in (await tab.look()).panes}

    visit(conversation.owner, act)

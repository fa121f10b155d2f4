"""No pane of a round waits for another one: neither for its end nor for its rows."""

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import compare
from chat.generation import engine
from chat.models import Budget, Comparison, Conversation, Generation
from chat.models.copying import copy_settings
from tests.generation.playing import until, until_stored
from tests.upstream import Gate, Reset, Script, Upstream, reply, stream

from .asking import Browser, all_answered, branch, generations, visit
from .comparing import Tab, at_once, well

pytestmark = pytest.mark.django_db(transaction=True)


# All at once


def test_rounds_words_to_one_pane_and_linked_settings_at_once_wait_in_no_circle(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first, _, third = tab.panes
        acts = [
            each
            for number in range(4)
            for each in (
                tab.send("to all", settings_of=third.key, seed=number),
                tab.write(third, "to you"),
                tab.set(third, temperature=number / 2),
                tab.set(first, top_p="0.5", seed=number),
                tab.run(third),
            )
        ]
        responses = await at_once(*acts)
        assert {response.status_code for response in responses} == {200, 409}, "some, and no fault"
        await all_answered()

    visit(comparison.owner, act)


def test_under_a_budget_words_rounds_repeats_and_sweeps_at_once_wait_in_no_circle(
    conversation: Conversation, upstream: Upstream
) -> None:
    """Also where one of the panes is a chat, which knows of no comparison."""
    Budget.objects.create(owner=conversation.owner, per_day=1000)
    comparison = compare(conversation.owner, [copy_settings(conversation), conversation])

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        [_, answer] = await branch(conversation)
        sweep = {"kind": "parameter", "parameter": "temperature", "values": "0\n1"}
        acts = [
            each
            for number in range(3)
            for each in (
                tab.send("to all"),
                tab.set(tab.panes[0], temperature=number / 2),
                browser.send(conversation, "to the chat", shown=answer.pk),
                browser.command(f"/messages/{answer.pk}/repeats/", times=2),
                browser.command(f"{tab.address}repeats/", times=2),
                browser.command(f"/c/{conversation.pk}/sweep/", **sweep),
            )
        ]
        responses = await at_once(*acts)
        statuses = {response.status_code for response in responses}
        assert {200} < statuses <= {200, 204, 409}, "some, and no fault"
        await all_answered()

    visit(conversation.owner, act)


# Failing and stopping


def test_the_failure_of_one_keeps_no_other_from_finishing(comparison: Comparison, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(reply(429, {"error": {"message": "Slow down"}}, {"Retry-After": "3600"}), model="a")
    upstream.script(stream("so f", gate, "ar"), model="b")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        await sync_to_async(gate.wait_until_reached)()

        def status(place: int) -> str:
            return Generation.objects.get(conversation=tab.panes[place].conversation_id).status

        await until_stored(lambda: (status(0), status(2)) == ("failed", "finished"))
        assert await sync_to_async(status)(1) == "running"
        assert (await tab.says())[2] == ["Hello", "Hello"]
        page = (await browser.get(tab.address)).content.decode()
        assert "Slow down" in page
        gate.open()
        await all_answered()
        assert await sync_to_async(status)(1) == "finished"
        await tab.look()
        await tab.hears("Go on")
        assert [(await branch(pane.conversation))[-1].status for pane in tab.panes] == ["finished"] * 3

    visit(comparison.owner, act)


@pytest.mark.parametrize("trouble", ["refused", "cut"])
def test_other_troubles_stay_in_their_pane_too(
    comparison: Comparison, upstream: Upstream, trouble: str
) -> None:
    script = (
        reply(400, {"error": {"message": "No"}})
        if trouble == "refused"
        else Script([*stream("so").steps[:2], Reset()])
    )
    upstream.script(script, model="b")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        await all_answered()
        statuses = {generation.model: generation.status for generation in await generations()}
        assert (statuses["a"], statuses["c"]) == ("finished", "finished")
        assert statuses["b"] in ("failed", "interrupted")

    visit(comparison.owner, act)


def test_one_is_stopped_alone(comparison: Comparison, upstream: Upstream) -> None:
    gates = {model: Gate() for model in "abc"}
    for model, gate in gates.items():
        upstream.script(stream("so f", gate, "ar"), model=model)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        for gate in gates.values():
            await sync_to_async(gate.wait_until_reached)()
        second = await Generation.objects.aget(model="b")
        await until(lambda: len(engine().tasks) == 3)
        well(await browser.delete(f"/generations/{second.pk}/"))
        assert len(engine().tasks) == 2
        for gate in gates.values():
            gate.open()
        await all_answered()
        assert [said[-1] for said in await tab.says()] == ["so far", "so f", "so far"]

    visit(comparison.owner, act)

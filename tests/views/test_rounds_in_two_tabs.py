"""What one tab sends to all panes while another one is ahead of it: it goes below what the page shows."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Comparison, Conversation, Pane, Provider
from chat.views.rounds import shown_in
from tests.upstream import Upstream

from .asking import Browser, all_answered, texts, visit
from .comparing import Tab, bodies, said_to, stored, well

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_goes_below_what_the_tab_shows(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        here, there = await Tab(browser, comparison).look(), Tab(browser, comparison)
        await here.hears("one")
        await there.look()
        await here.hears("two")
        await there.hears("other two")
        assert said_to(upstream, "a") == ["one", "one", "other two"]
        assert await there.says() == [["one", "one", "other two", "other two"]] * 3
        well(await here.send("three"))
        await all_answered()
        assert said_to(upstream, "a") == ["one", "one", "two", "two", "three"]

    visit(comparison.owner, act)


def test_the_models_that_the_tab_shows_are_asked(
    comparison: Comparison, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first = tab.panes[0]
        well(
            await browser.post(
                f"/c/{first.conversation_id}/settings/", provider=provider.pk, model="elsewhere"
            )
        )
        await tab.hears("Hello")
        assert (await Conversation.objects.aget(pk=first.conversation_id)).model == "a"
        well(await tab.send("And now?", **{f"model:{first.key}": "chosen"}))
        await all_answered()
        assert (await Conversation.objects.aget(pk=first.conversation_id)).model == "chosen"

    visit(comparison.owner, act)
    assert sorted(request.model for request in upstream.requests) == ["a", "b", "b", "c", "c", "chosen"]


def test_the_settings_that_the_tab_shows_are_sent_and_shared_along_links(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first, second, third = tab.panes
        for number, pane in enumerate(tab.panes):
            well(await tab.link(pane, "settings", False))
            well(await tab.set(pane, seed=number, temperature="0.1"))
        well(await tab.link(first, "settings", True))
        well(await tab.link(second, "settings", True))
        well(await tab.send("Hello", settings_of=first.key, temperature="0.9", seed="0"))
        await all_answered()
        for model, seed, temperature in (("a", 0, 0.9), ("b", 1, 0.9), ("c", 2, 0.1)):
            body = bodies(upstream, model)[-1]
            assert (body["seed"], body["temperature"]) == (seed, temperature)
        now = await Conversation.objects.aget(pk=second.conversation_id)
        assert now.settings == {"seed": 1, "temperature": 0.9}
        await tab.look()
        well(await tab.run(third, settings_of=third.key, temperature="0.5", seed="2"))
        await all_answered()
        assert bodies(upstream, "c")[-1]["temperature"] == 0.5

    visit(comparison.owner, act)


def test_settings_that_cannot_be_right_are_refused_with_the_pane(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        second = tab.panes[1]
        response = await tab.send("Hello", settings_of=second.key, temperature="hot")
        assert response.status_code == 422
        assert "Pane 2: " in response.content.decode()
        assert await stored() == (0, 0)
        well(await tab.send("Hello", settings_of=str(uuid4()), temperature="0.5"))
        await all_answered()
        assert "temperature" not in bodies(upstream, "b")[0]

    visit(comparison.owner, act)


def test_a_tab_that_has_not_heard_of_a_new_pane_sends_nothing_to_anyone(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("one")
        well(await tab.copy(tab.panes[0]))
        before = await stored()
        for response in (await tab.send("two"), await tab.run()):
            assert response.status_code == 409
            assert "Another tab" in response.content.decode()
        assert await stored() == before
        await tab.look()
        await tab.hears("two")
        assert await tab.says() == [["one", "one", "two", "two"]] * 4

    visit(comparison.owner, act)


def test_a_tab_that_has_not_heard_of_a_removal_is_told_and_sends_to_nobody(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("one")
        removed = tab.panes[1]
        well(await tab.remove(removed))
        response = await tab.send("two")
        assert response.status_code == 409
        assert "Another tab has added or removed panes" in response.content.decode()
        assert await tab.says() == [["one", "one"]] * 2
        await tab.look()
        await tab.hears("two")
        assert await tab.says() == [["one", "one", "two", "two"]] * 2
        assert await texts(removed.conversation) == ["one", "one"]
        assert (await tab.run(removed)).status_code == 404

    visit(comparison.owner, act)


def test_a_removal_while_it_is_being_sent_leaves_nothing_running_out_of_sight(
    comparison: Comparison, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the panes and storing the message another tab removes one."""
    from chat.views import rounds as views

    real = views.take_over

    def meanwhile(request: Any, panes: list[Pane], settings_of: Any) -> None:
        panes[1].remove()
        real(request, panes, settings_of)

    monkeypatch.setattr(views, "take_over", meanwhile)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        response = await tab.send("Hello")
        assert response.status_code == 409
        assert await stored() == (0, 0)

    visit(comparison.owner, act)
    assert upstream.requests == []


def test_what_is_set_in_a_drawer_in_the_very_moment_of_sending_stays(
    comparison: Comparison, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    [_, second, _] = comparison.shown_panes()

    def read_and_be_late(*parts: Any) -> Any:
        found = shown_in(*parts)
        Conversation.objects.filter(pk=second.conversation_id).update(settings={"seed": 7})
        return found

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        monkeypatch.setattr("chat.views.rounds.shown_in", read_and_be_late)
        well(await tab.send("to all"))
        await all_answered()
        assert (await Conversation.objects.aget(pk=second.conversation_id)).settings == {"seed": 7}

    visit(comparison.owner, act)
    assert [request.body.get("seed") for request in upstream.requests if request.model == "b"] == [7]

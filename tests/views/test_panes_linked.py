"""What linked panes share over HTTP: each of four things by itself, key by key."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.models import Comparison, Conversation, Pane
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, visit, words_in
from .comparing import Tab, well

pytestmark = pytest.mark.django_db(transaction=True)


async def settings_of(tab: Tab) -> list[dict[str, Any]]:
    return [(await Conversation.objects.aget(pk=pane.conversation_id)).settings for pane in tab.panes]


async def prompts_of(tab: Tab) -> list[str]:
    return [(await Conversation.objects.aget(pk=pane.conversation_id)).system_prompt for pane in tab.panes]


def test_links_are_set_each_by_itself(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        pane = tab.panes[0]
        for name in ("input", "system_prompt", "settings", "scrolling"):
            well(await tab.link(pane, name, False))
            links = await Pane.objects.values(
                "linked_input", "linked_system_prompt", "linked_settings", "linked_scrolling"
            ).aget(pk=pane.pk)
            assert [name for name, linked in links.items() if not linked] == [f"linked_{name}"]
            well(await tab.link(pane, name, True))
        for name in ("", "x", "linked_input", "removed_at"):
            assert (await tab.link(pane, name, False)).status_code == 422

    visit(comparison.owner, act)


def test_what_is_set_in_one_is_set_in_the_linked_others_key_by_key(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first, second, third = tab.panes
        well(await tab.link(third, "settings", False))
        well(await tab.link(second, "settings", False))
        well(await tab.set(second, top_p="0.5"))
        well(await tab.link(second, "settings", True))
        page = (await tab.set(first, temperature="0.7", seed="1")).content.decode()
        assert await settings_of(tab) == [
            {"temperature": 0.7, "seed": 1}, {"top_p": 0.5, "temperature": 0.7, "seed": 1}, {},
        ]  # fmt: skip
        assert [f'id="summary-{pane.pk}"' in page for pane in tab.panes] == [True, True, False]
        well(await tab.set(first, temperature="", seed="1"))
        assert await settings_of(tab) == [{"seed": 1}, {"top_p": 0.5, "seed": 1}, {}]
        well(await tab.set(third, seed="3"))
        assert await settings_of(tab) == [{"seed": 1}, {"top_p": 0.5, "seed": 1}, {"seed": 3}]

    visit(comparison.owner, act)


def test_the_system_prompt_is_shared_along_its_own_link(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.link(tab.panes[1], "system_prompt", False))
        well(await tab.set(tab.panes[0], system_prompt="Be brief.", seed="1"))
        assert await prompts_of(tab) == ["Be brief.", "", "Be brief."]
        assert await settings_of(tab) == [{"seed": 1}] * 3

    visit(comparison.owner, act)


def test_what_is_wrong_is_told_and_nothing_is_saved(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        response = await tab.set(tab.panes[0], temperature="hot", seed="1")
        assert (response.status_code, words_in(response)) == (
            422,
            "Temperature must be a number, such as 0.7.",
        )
        assert await settings_of(tab) == [{}] * 3

    visit(comparison.owner, act)


def test_a_linked_pane_that_answers_is_set_and_goes_on(comparison: Comparison, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("so f", gate, "ar"), model="b")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.send("Hello"))
        await sync_to_async(gate.wait_until_reached)()
        well(await tab.set(tab.panes[0], temperature="0.7", system_prompt="Be brief."))
        gate.open()
        await all_answered()
        assert await settings_of(tab) == [{"temperature": 0.7}] * 3
        assert (await tab.says())[1] == ["Hello", "so far"]
        await tab.look()
        await tab.hears("Go on")
        assert [request.body.get("temperature") for request in upstream.requests] == [None] * 3 + [0.7] * 3

    visit(comparison.owner, act)


def test_the_drawer_has_the_settings_of_its_pane(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        second = tab.panes[1]
        well(await tab.set(second, system_prompt="Say <b>moo</b>", seed="42"))
        page = (await browser.get(f"/panes/{second.pk}/drawer/")).content.decode()
        assert f'data-settings-of="{second.conversation_id}"' in page
        assert "<h2>Pane 2</h2>" in page
        assert "Say &lt;b&gt;moo&lt;/b&gt;" in page
        assert 'value="42"' in page
        typed = await browser.post(f"/panes/{second.pk}/panel/", seed="43")
        assert 'value="43"' in typed.content.decode()
        assert (await browser.post(f"/panes/{second.pk}/panel/", seed="x")).status_code == 422
        assert (await settings_of(tab))[1] == {"seed": 42}

    visit(comparison.owner, act)

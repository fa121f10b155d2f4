"""Comparisons over HTTP: shown, named, pinned, deleted and brought back."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from django.db.backends.utils import CursorWrapper
from django.test import Client

from chat.comparisons.panes import compare
from chat.models import Charge, Comparison, Conversation, Generation, Message, Pane
from chat.models.copying import copy_settings
from tests.generation.playing import until_stored
from tests.upstream import Gate, Script, Upstream, stream

from .asking import Browser, all_answered, branch, texts, visit
from .comparing import Tab, compare_chat, made_by, well

pytestmark = pytest.mark.django_db(transaction=True)


# Shown


def test_the_page_has_its_panes_in_order_with_what_was_said(
    comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        response = await browser.get(tab.address)
        page = response.content.decode()
        assert re.findall(r'id="pane-([^"]*)"', page) == [str(pane.pk) for pane in tab.panes]
        for pane in tab.panes:
            question, answer = await branch(pane.conversation)
            assert f'id="message-{question.pk}"' in page
            assert f'id="message-{answer.pk}"' in page
        assert page.count("Saw only its own thread: 1 message") == 3
        assert "3 answers" in page
        figures = (await browser.get(f"{tab.address}figures/")).content.decode()
        assert re.findall(r'id="facts-([^"]*)"', figures) == [str(pane.pk) for pane in tab.panes]

    visit(comparison.owner, act)


def test_an_empty_one_and_one_with_a_vanished_chat_open_too(
    conversation: Conversation, upstream: Upstream
) -> None:
    other = Conversation.objects.create(owner=conversation.owner)
    comparison = compare(conversation.owner, [conversation, other])

    async def act(browser: Browser) -> None:
        for left in (2, 1, 0):
            response = await browser.get(f"/compare/{comparison.pk}/")
            assert response.status_code == 200
            assert response.content.decode().count('class="pane"') == left
            assert (await browser.get(f"/compare/{comparison.pk}/figures/")).status_code == 200
            if left:
                gone = (conversation, other)[left - 1]
                pane = await Pane.objects.aget(conversation=gone)
                well(await browser.post(f"/c/{gone.pk}/deletion/"))
                assert (await browser.get(f"/panes/{pane.pk}/")).status_code == 404
        tab = await Tab(browser, comparison).look()
        assert "No pane is linked" in (await tab.send("Hello?")).content.decode()
        well(await tab.add())
        await tab.look()
        assert len(tab.panes) == 1

    visit(conversation.owner, act)


def queries(client: Client, path: str) -> int:
    """How many it takes, in whichever thread."""
    count, real = 0, CursorWrapper.execute

    def execute(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", execute)
        assert client.get(path).status_code == 200
    return count


def test_the_figures_of_sixteen_panes_cost_as_many_queries_as_those_of_two(
    conversation: Conversation, upstream: Upstream, as_user: Any
) -> None:
    owner = conversation.owner
    made = [compare(owner, [copy_settings(conversation) for _ in range(count)]) for count in (2, 16)]

    async def act(browser: Browser) -> None:
        for comparison in made:
            await (await Tab(browser, comparison).look()).hears("Hello")

    visit(owner, act)
    client = as_user(owner)
    few, many = [queries(client, f"/compare/{comparison.pk}/figures/") for comparison in made]
    assert few == many
    few, many = [queries(client, f"/compare/{comparison.pk}/") for comparison in made]
    assert many - few == 14 * 3, "three for each pane: its messages"


# Named, pinned, deleted


def test_it_is_renamed(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post(f"/compare/{comparison.pk}/title/", title="Sky <b>")
        assert "Sky &lt;b&gt;" in response.content.decode()
        assert json.loads(response["HX-Trigger"]) == {"history-changed": {}}
        assert (await Comparison.objects.aget()).title == "Sky <b>"
        for title in ("", " ", "x" * 201, "a\0b"):
            assert (await browser.post(f"/compare/{comparison.pk}/title/", title=title)).status_code == 422
        assert (await Comparison.objects.aget()).title == "Sky <b>"
        page = (await browser.get("/history/")).content.decode()
        assert f'href="/compare/{comparison.pk}/"' in page
        assert "/c/" not in page

    visit(comparison.owner, act)


def test_it_is_pinned_and_unpinned(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        well(await browser.post(f"/compare/{comparison.pk}/title/", title="Mine"))
        well(await browser.post(f"/compare/{comparison.pk}/pin/"))
        assert "<h2>Pinned</h2>" in (await browser.get("/history/")).content.decode()
        well(await browser.delete(f"/compare/{comparison.pk}/pin/"))
        assert "<h2>Pinned</h2>" not in (await browser.get("/history/")).content.decode()

    visit(comparison.owner, act)


def test_it_is_deleted_while_it_answers_and_brought_back(comparison: Comparison, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(Script([*stream("so f").steps[:2], gate]), repeat=True)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.send("Hello")
        await sync_to_async(upstream.wait_for_requests)(3)
        response = well(await browser.post(f"{tab.address}deletion/"))
        assert "deleted" in response.content.decode()
        await all_answered()
        assert [row.status async for row in Generation.objects.all()] == ["stopped"] * 3
        assert await Charge.objects.acount() == 3, "settled"
        for path in (tab.address, f"{tab.address}figures/", f"/c/{tab.panes[0].conversation_id}/"):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.get(f"/panes/{tab.panes[0].pk}/")).status_code == 404
        assert (await tab.send("again")).status_code == 404
        assert f"{comparison.pk}" not in (await browser.get("/history/")).content.decode()
        assert (await browser.post(f"{tab.address}deletion/")).status_code == 404
        well(await browser.delete(f"{tab.address}deletion/"))
        assert (await browser.delete(f"{tab.address}deletion/")).status_code == 404
        assert (await browser.get(tab.address)).status_code == 200
        assert f"{comparison.pk}" in (await browser.get("/history/")).content.decode()
        assert [said[0] for said in await tab.says()] == ["Hello"] * 3

    visit(comparison.owner, act)


def test_deleting_it_leaves_the_chat_and_what_runs_there(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("so f", gate, "ar"), model="scripted")

    async def act(browser: Browser) -> None:
        comparison = await made_by(await compare_chat(browser, conversation))
        tab = await Tab(browser, comparison).look()
        await tab.write(tab.panes[0], "Hello")
        await sync_to_async(gate.wait_until_reached)()
        well(await browser.post(f"{tab.address}deletion/"))
        gate.open()
        await all_answered()
        assert await texts(conversation) == ["Hello", "so far"]
        assert (await browser.get(f"/c/{conversation.pk}/")).status_code == 200
        assert str(conversation.pk) in (await browser.get("/history/")).content.decode()

    visit(conversation.owner, act)


def test_a_comparison_of_a_pane_takes_nothing_from_the_first_one(
    comparison: Comparison, upstream: Upstream
) -> None:
    """A pane was opened as a chat, and Compare was pressed there."""

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        shared = tab.panes[0].conversation
        other = await made_by(await compare_chat(browser, shared))
        assert other.pk != comparison.pk
        well(await browser.post(f"/compare/{other.pk}/deletion/"))
        assert (await browser.get(tab.address)).content.decode().count('class="pane"') == 3
        await tab.hears("And now?")
        assert [len(said) for said in await tab.says()] == [4, 4, 4]

    visit(comparison.owner, act)


def test_what_is_said_to_one_pane_alone_brings_the_comparison_up_in_the_history(
    comparison: Comparison, upstream: Upstream
) -> None:
    chat = Conversation.objects.create(owner=comparison.owner, title="A later chat")
    chat.show(Message.objects.create(conversation=chat, role="user"))

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.write(tab.panes[1], "Only you"))
        await all_answered()
        page = (await browser.get("/history/")).content.decode()
        assert 0 < page.index(str(comparison.pk)) < page.index(str(chat.pk))
        await until_stored(lambda: not Generation.objects.running().exists())

    visit(comparison.owner, act)


def test_somebody_elses_are_not_there(comparison: Comparison, bob: Any, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        pane, _, removed = tab.panes
        # So that its owner could bring it back.
        await sync_to_async(removed.remove)()
        knocks = [
            browser.get(tab.address), tab.send("Hi"), tab.run(), tab.add(), tab.copy(pane), tab.move(pane, 0),
            tab.link(pane, "input", False), tab.set(pane, seed="1"), tab.remove(pane), tab.bring_back(removed),
            compare_chat(browser, pane.conversation), browser.post(f"{tab.address}deletion/"),
        ]  # fmt: skip
        assert [(await knock).status_code for knock in knocks] == [404] * len(knocks)
        query = urlencode({"models": "scripted"})
        assert (await browser.client.get(f"/compare/?{query}")).status_code == 200

    visit(bob, act)
    assert upstream.requests == []

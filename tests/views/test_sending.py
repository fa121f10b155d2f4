"""Sending: stored first, shown at once, and once."""

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Conversation, Message, Provider
from tests.upstream import Gate, Script, Upstream, stream

from .asking import Browser, all_answered, branch, changes_in, generations, talk, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_and_its_answer_are_shown_at_once(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream(gate, "Hello"))

    async def act(browser: Browser) -> None:
        response = await browser.send(conversation, "Hi <b>there</b>")
        question, answer = await branch(conversation)
        changes = changes_in(response)
        assert response.status_code == 200
        assert changes.added == [question.pk, answer.pk]
        assert changes.removed == []
        assert 'data-status="running"' in response.content.decode()
        assert "Hi &lt;b&gt;there&lt;/b&gt;" in response.content.decode()
        gate.open()
        await all_answered()
        assert await texts(conversation) == ["Hi <b>there</b>", "Hello"]

    visit(conversation.owner, act)


def test_it_is_stored_before_the_provider_is_called(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(Script([gate]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Keep me")
        await sync_to_async(gate.wait_until_reached)()
        [generation] = await generations()
        assert generation.status == "running"
        assert await texts(conversation) == ["Keep me", ""]

    visit(conversation.owner, act)


def test_the_page_is_told_its_version_and_to_list_the_history_again(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.send(conversation)
        version = (await Conversation.objects.aget()).version
        assert json.loads(response["HX-Trigger"]) == {
            "branch-changed": {"conversation": str(conversation.pk), "version": version},
            "history-changed": {},
        }

    visit(conversation.owner, act)


def test_the_first_message_makes_the_conversation_and_names_it(
    alice: Any, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        form = {
            "provider": provider.pk,
            "model": "scripted",
            "temperature": "0",
            "system_prompt": "Be brief.",
        }
        response = await browser.begin_chat("# Why is\nthe sky blue?", **form)
        made = await Conversation.objects.aget()
        assert (response.status_code, response["Location"]) == (302, f"/c/{made.pk}/")
        assert (made.title, made.model, made.system_prompt) == ("Why is", "scripted", "Be brief.")
        assert made.settings == {"temperature": 0.0}
        assert made.owner_id == alice.pk
        await all_answered()
        assert await texts(made) == ["# Why is\nthe sky blue?"] * 2

    visit(alice, act)


def test_a_message_goes_below_what_the_person_saw(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        [_, first, _, _] = await talk(browser, conversation, "one", "two")
        await browser.send(conversation, "other two", shown=first.pk)
        await all_answered()
        assert await texts(conversation) == ["one", "one", "other two", "other two"]
        assert await Message.objects.filter(parent=first).acount() == 2

    visit(conversation.owner, act)


@pytest.mark.parametrize("how", ["one after the other", "at once"])
def test_one_form_sent_three_times_happens_once(
    conversation: Conversation, upstream: Upstream, how: str
) -> None:
    import asyncio

    async def act(browser: Browser) -> None:
        id = uuid4()
        sent = [browser.send(conversation, "once", command=id) for _ in range(3)]
        if how == "at once":
            responses = await asyncio.gather(*sent)
        else:
            responses = [await each for each in sent]
        await all_answered()
        assert [response.status_code for response in responses] == [200] * 3
        assert len({tuple(changes_in(response).added) for response in responses}) == 1
        assert await Message.objects.acount() == 2
        assert len(upstream.requests) == 1

    visit(conversation.owner, act)


def test_so_does_the_one_that_begins_a_chat(alice: Any, provider: Provider, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        form = {"command": uuid4(), "provider": provider.pk, "model": "scripted"}
        places = {(await browser.begin_chat("once", **form))["Location"] for _ in range(3)}
        await all_answered()
        assert len(places) == 1
        assert await Conversation.objects.acount() == 1
        assert len(upstream.requests) == 1

    visit(alice, act)


def test_one_id_for_two_things_is_refused(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        id = uuid4()
        await browser.send(conversation, "one", command=id)
        response = await browser.send(conversation, "two", command=id)
        assert response.status_code == 409
        assert b"Send it again" in response.content
        await all_answered()
        assert len(upstream.requests) == 1

    visit(conversation.owner, act)


def test_what_another_tab_changed_meanwhile_is_not_taken_back(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the conversation and storing the message another tab renames and pins it."""
    from chat.views import messages as views

    def meanwhile(message: Message | None) -> None:
        Conversation.objects.update(title="Renamed", pinned=True, version=7)

    monkeypatch.setattr(views, "refuse_while_running", meanwhile)

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        stored = await Conversation.objects.aget()
        assert (stored.title, stored.pinned) == ("Renamed", True)
        assert stored.version == 8
        await all_answered()
        answer = (await branch(conversation))[-1]
        await browser.command(f"/messages/{answer.pk}/alternatives/", shown=answer.pk)
        assert (await Conversation.objects.aget()).version == 8

    visit(conversation.owner, act)

"""Comparisons made over HTTP: of chosen models, or from a chat."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Charge, Comparison, Conversation, Pane, Provider
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, talk, texts, visit
from .comparing import Tab, at_once, compare_chat, made_by, nothing_is_there, panes_of

pytestmark = pytest.mark.django_db(transaction=True)


# Made


async def create(browser: Browser, provider: Provider, models: list[str], **form: Any) -> Any:
    pickers = {"provider": [str(provider.pk)] * len(models), "model": models}
    return await browser.command("/compare/creation/", **{**pickers, **form})


def test_it_is_made_and_its_words_are_sent(alice: Any, provider: Provider, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        response = await create(browser, provider, ["a", "b", "a"], message="# Hello\nyou", send="on")
        comparison = await made_by(response)
        assert comparison.title == "Hello"
        await all_answered()
        panes = await panes_of(comparison)
        assert [pane.conversation.model for pane in panes] == ["a", "b", "a"]
        assert [await texts(pane.conversation) for pane in panes] == [["# Hello\nyou"] * 2] * 3
        assert not any(pane.conversation.listed for pane in panes)

    visit(alice, act)
    assert sorted(request.model for request in upstream.requests) == ["a", "a", "b"]


def test_it_is_made_without_a_word_being_sent(alice: Any, provider: Provider, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        comparison = await made_by(await create(browser, provider, ["a", "b"], message="Not yet"))
        assert comparison.title == ""
        assert [await texts(pane.conversation) for pane in await panes_of(comparison)] == [[], []]
        await made_by(await create(browser, provider, ["", ""]))

    visit(alice, act)
    assert upstream.requests == []


def test_an_id_that_was_used_for_other_models_is_refused(
    alice: Any, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        id = uuid4()
        await made_by(await create(browser, provider, ["a", "b"], command=id))
        response = await create(browser, provider, ["a", "c"], command=id)
        assert response.status_code == 409
        assert await Comparison.objects.acount() == 1

    visit(alice, act)


@pytest.mark.parametrize("how", ["one after the other", "at once"])
def test_one_form_sent_three_times_makes_one(
    alice: Any, provider: Provider, upstream: Upstream, how: str
) -> None:
    async def act(browser: Browser) -> None:
        form = {"message": "once", "send": "on", "command": uuid4()}
        sent = [create(browser, provider, ["a", "b"], **form) for _ in range(3)]
        responses = await at_once(*sent) if how == "at once" else [await each for each in sent]
        await all_answered()
        assert len({response["HX-Redirect"] for response in responses}) == 1
        assert (await Comparison.objects.acount(), await Conversation.objects.acount()) == (1, 2)

    visit(alice, act)
    assert len(upstream.requests) == 2


@pytest.mark.parametrize(
    ("models", "form", "words"),
    [
        (["a"], {"message": "Hi", "send": "on"}, "at least 2 panes"),
        ([], {"message": "Hi", "send": "on"}, "at least 2 panes"),
        (["a"] * 17, {"message": "Hi", "send": "on"}, "That would be 17 panes"),
        (["a", ""], {"message": "Hi", "send": "on"}, "Pane 2: Choose a model first"),
        (["a", "b"], {"message": " \n ", "send": "on"}, "Write something first"),
        (["a", "b"], {"send": "on"}, "Write something first"),
        (["a", "b"], {"message": "a\0b", "send": "on"}, "NUL"),
        (["a", "b"], {"message": "Hi", "command": "x"}, "no valid id"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words_and_leaves_nothing(
    alice: Any, provider: Provider, upstream: Upstream, models: list[str], form: Any, words: str
) -> None:
    async def act(browser: Browser) -> None:
        response = await create(browser, provider, models, **form)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert await nothing_is_there()
        assert not await Pane.objects.aexists()

    visit(alice, act)
    assert upstream.requests == []


def test_a_provider_of_somebody_else_is_none(
    alice: Any, bob: Any, upstream: Upstream, provider: Provider
) -> None:
    Provider.objects.update(owner=bob)

    async def act(browser: Browser) -> None:
        response = await create(browser, provider, ["a", "b"], message="Hi", send="on")
        assert "Pane 1: Choose a model first" in response.content.decode()
        assert await nothing_is_there()

    visit(alice, act)
    assert upstream.requests == []


# From a chat


def test_a_chat_goes_on_in_the_first_pane(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "one", "two")
        comparison = await made_by(await compare_chat(browser, conversation))
        first, second = await panes_of(comparison)
        assert first.conversation_id == conversation.pk
        assert await texts(second.conversation) == ["one", "one", "two", "two"]
        assert (await Conversation.objects.aget(pk=conversation.pk)).listed
        await (await Tab(browser, comparison).look()).hears("three")
        assert await texts(conversation) == await texts(second.conversation)
        assert (await browser.get(f"/c/{conversation.pk}/")).status_code == 200
        assert await Charge.objects.acount() == 4, "two of the chat, and one in each pane"

    visit(conversation.owner, act)
    assert len(upstream.requests) == 4


def test_compared_three_times_with_one_id_is_compared_once(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "one")
        id = uuid4()
        responses = await at_once(*(compare_chat(browser, conversation, command=id) for _ in range(3)))
        assert len({response["HX-Redirect"] for response in responses}) == 1
        assert await Comparison.objects.acount() == 1
        assert (await made_by(await compare_chat(browser, conversation))).pk != (
            await made_by(responses[0])
        ).pk

    visit(conversation.owner, act)


def test_a_chat_that_is_answering_can_be_compared(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("so f", gate, "ar"))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "one")
        await sync_to_async(gate.wait_until_reached)()
        comparison = await made_by(await compare_chat(browser, conversation))
        first, second = await panes_of(comparison)
        assert await texts(second.conversation) == ["one"]
        gate.open()
        await all_answered()
        assert await texts(first.conversation) == ["one", "so far"]

    visit(conversation.owner, act)

"""A call sent again from the inspector: the very bytes, once, and only to its provider."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Conversation, Provider
from tests.upstream import Upstream, stream

from .asking import Browser, all_answered, branch, generations, talk, texts, visit, words_in
from .inspecting import NASTY, address

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_replay_sends_the_very_bytes_again(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    upstream.script(stream("First"))
    upstream.script(stream("Second"))
    conversation.settings = {"temperature": 0.1, "seed": 2**62, "stop": ["\n", "é"]}
    conversation.save()

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, NASTY)
        # What is set now is of no matter: the stored request is sent.
        await Conversation.objects.aupdate(settings={}, model="another", system_prompt="Now")
        [call] = await generations()
        response = await browser.command(address(call, "replays/"))
        assert (response.status_code, response["HX-Redirect"]) == (204, f"/c/{conversation.pk}/")
        await all_answered()
        _, again = await generations()
        assert (again.replay_of_id, again.model, again.url) == (call.pk, call.model, call.url)
        assert await texts(conversation) == [NASTY, "Second"]
        page = words_in(await browser.get(address(again)))
        assert "What differs from the earlier call" in page
        assert "the request was the same, to the letter" in page
        assert "Text another differs" in page
        assert "Sent again:" in words_in(await browser.get(address(call)))

    visit(conversation.owner, act)
    first, second = [request.raw for request in upstream.requests]
    assert first == second


def test_a_replay_happens_once(conversation: Conversation, provider: Provider, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        [call] = await generations()
        id = uuid4()
        for _ in range(3):
            assert (await browser.command(address(call, "replays/"), command=id)).status_code == 204
        await all_answered()
        assert len(await generations()) == 2
        assert len(await branch(conversation)) == 2

    visit(conversation.owner, act)
    assert len(upstream.requests) == 2


def test_a_replay_of_a_replay_stands_beside_both(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        for _ in range(2):
            await browser.command(address((await generations())[-1], "replays/"))
            await all_answered()
        question = (await branch(conversation))[0]
        assert await sync_to_async(question.children.count)() == 3

    visit(conversation.owner, act)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_url": "https://elsewhere.test/v1"}, "has another address now"),
        ({"removed": True}, "no longer there"),
    ],
)
def test_a_replay_goes_nowhere_but_to_its_provider(
    conversation: Conversation, with_key: Provider, upstream: Upstream, change: dict[str, Any], words: str
) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        await Provider.objects.filter(pk=with_key.pk).aupdate(**change)
        [call] = await generations()
        response = await browser.command(address(call, "replays/"))
        assert response.status_code == 422
        assert words in words_in(response)
        assert len(await generations()) == 1

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_a_provider_that_was_deleted_gets_no_replay(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        await Provider.objects.all().adelete()
        response = await browser.command(address((await generations())[0], "replays/"))
        assert response.status_code == 422
        assert "no longer there" in words_in(response)

    visit(conversation.owner, act)


def test_a_stranger_replays_nothing(conversation: Conversation, upstream: Upstream, bob: Any) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        stranger = await Browser().sign_in(bob)
        [call] = await generations()
        assert (await stranger.command(address(call, "replays/"))).status_code == 404
        for more in ("", "code/", "events/", "events.jsonl", "exchange.json"):
            assert (await stranger.get(address(call, more))).status_code == 404
        assert len(await generations()) == 1

    visit(conversation.owner, act)


@pytest.mark.parametrize("id", ["", "x", "1"])
def test_a_replay_needs_an_id_of_its_own(conversation: Conversation, upstream: Upstream, id: str) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        [call] = await generations()
        assert (await browser.post(address(call, "replays/"), command=id)).status_code == 422
        assert len(await generations()) == 1

    visit(conversation.owner, act)

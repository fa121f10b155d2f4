"""What cannot be repeated is said in words, and nothing is sent."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Budget, Comparison, Conversation, LanguageModel, Message, Provider
from tests.upstream import Upstream

from .asking import Browser, all_answered, talk, visit, words_in
from .repeating import beside, repeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("times", ["0", "21", "-1", "", "many", "1.5", "9" * 30, "1\0"])
def test_a_number_that_is_none_is_refused_in_words(
    conversation: Conversation, upstream: Upstream, times: str
) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        response = await repeat(browser, asked[1], times)
        assert response.status_code == 422
        assert "Choose a number of times from 1 to 20." in words_in(response)

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_the_same_command_twice_repeats_once(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        command = uuid4()
        both = [repeat(browser, asked[1], 2, command=command) for _ in range(2)]
        assert {response.status_code for response in await asyncio.gather(*both)} == {200}
        await all_answered()
        assert (await repeat(browser, asked[1], 3, command=command)).status_code == 409

    visit(conversation.owner, act)
    assert len(upstream.requests) == 3


def test_a_question_has_no_repeats(conversation: Conversation, upstream: Upstream, as_user: Any) -> None:
    async def act(browser: Browser) -> Message:
        asked = await talk(browser, conversation, "One")
        response = await repeat(browser, asked[0])
        assert response.status_code == 422
        assert "Only an answer of a model can be repeated." in words_in(response)
        return asked[0]

    question = visit(conversation.owner, act)
    page = as_user(conversation.owner).get(f"/messages/{question.pk}/repeats/")
    assert page.status_code == 422
    assert "<title>Refused" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"removed": True}, "is no longer there"),
        ({"base_url": "http://moved.test/v1"}, "has another address now"),
    ],
)
def test_a_provider_that_moved_or_went_gets_nothing(
    conversation: Conversation, provider: Provider, upstream: Upstream, change: dict[str, Any], words: str
) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        await Provider.objects.filter(pk=provider.pk).aupdate(**change)
        response = await repeat(browser, asked[1])
        assert response.status_code == 422
        assert words in words_in(response)
        assert (await browser.open(f"/messages/{asked[1].pk}/repeats/")).status_code == 200

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_over_a_budget_none_is_sent(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        await LanguageModel.objects.filter(name="scripted").aupdate(price_input=1000, price_output=1000)
        await Budget.objects.acreate(owner=conversation.owner, per_day=0.02)
        response = await repeat(browser, asked[1], 20)
        assert response.status_code == 409
        assert "Not sent, to keep the budget" in words_in(response)

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_a_blind_round_tells_nothing(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        comparison = await sync_to_async(beside)(conversation)
        await Comparison.objects.filter(pk=comparison.pk).aupdate(blind=True)
        await Conversation.objects.filter(pk=conversation.pk).aupdate(blind=True)
        for address in (f"/messages/{asked[1].pk}/repeats/", f"/compare/{comparison.pk}/repeats/"):
            for response in (
                await browser.open(address),
                await browser.get(address),
                await browser.command(address, times=2),
                await browser.delete(address),
            ):
                assert response.status_code == 403
                assert "This is a blind round: reveal it first." in words_in(response)
                assert "scripted" not in response.content.decode()

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1

"""All panes of a comparison repeated at once: each its own answer, and each that is not repeated named."""

import pytest
from asgiref.sync import sync_to_async

from chat.models import Conversation, Message, Provider
from tests.upstream import Gate, Hang, Head, Script, Upstream, stream

from .asking import Browser, all_answered, generations, talk, texts, visit, words_in
from .repeating import beside

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_pane_repeats_its_own_last_answer(conversation: Conversation, upstream: Upstream) -> None:
    """Also one that was copied from another pane: it stays in its own."""

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        comparison = await sync_to_async(beside)(conversation)
        page = await browser.command(f"/compare/{comparison.pk}/repeats/", times=4)
        assert page.status_code == 200
        assert "Pane 3 has no answer to repeat. The others are repeated." in words_in(page)
        await all_answered()
        panes = await sync_to_async(comparison.shown_panes)()
        for pane in panes[:2]:
            assert await texts(pane.conversation) == ["One", "One"]
            assert (
                await Message.objects.filter(conversation=pane.conversation, role="assistant").acount() == 5
            )
        words = words_in(await browser.open(f"/compare/{comparison.pk}/repeats/"))
        assert "Pane 1 scripted 5 1 100 % 1.00" in words
        assert "Pane 2 scripted 5 1 100 % 1.00" in words
        assert "Pane 3 scripted No answer yet" in words

    visit(conversation.owner, act)
    assert len({each.raw for each in upstream.requests}) == 1
    assert len(upstream.requests) == 9


def test_a_pane_that_is_answering_is_passed_by_and_named(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        comparison = await sync_to_async(beside)(conversation)
        third = (await sync_to_async(comparison.shown_panes)())[2].conversation
        upstream.script(stream(gate, "late"))
        await browser.send(third, "Three")
        page = await browser.command(f"/compare/{comparison.pk}/repeats/", times=1)
        assert "Pane 3 is still answering. The others are repeated." in words_in(page)
        gate.open()
        await all_answered()

    visit(conversation.owner, act)
    assert len(upstream.requests) == 4


def test_where_no_pane_has_an_answer_it_is_said(conversation: Conversation) -> None:
    comparison = beside(conversation, words=False)

    async def act(browser: Browser) -> None:
        response = await browser.command(f"/compare/{comparison.pk}/repeats/", times=1)
        assert response.status_code == 409
        assert "Pane 1 has no answer to repeat. Pane 2 has no" in words_in(response)
        assert (await browser.open(f"/compare/{comparison.pk}/repeats/")).status_code == 200

    visit(conversation.owner, act)


def test_what_one_pane_cannot_repeat_is_said_with_its_number(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        comparison = await sync_to_async(beside)(conversation)
        await Provider.objects.filter(pk=provider.pk).aupdate(removed=True)
        response = await browser.command(f"/compare/{comparison.pk}/repeats/", times=1)
        assert response.status_code == 422
        assert "Pane 1: The provider of this request is no longer there" in words_in(response)

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_all_panes_are_stopped_at_once(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        comparison = await sync_to_async(beside)(conversation)
        upstream.script(Script([Head(), Hang()]), repeat=True)
        page = await browser.command(f"/compare/{comparison.pk}/repeats/", times=2)
        assert "every 2s" in page.content.decode()
        page = await browser.delete(f"/compare/{comparison.pk}/repeats/")
        assert "every 2s" not in page.content.decode()
        assert [call.status for call in await generations()][1:] == ["stopped"] * 4

    visit(conversation.owner, act)

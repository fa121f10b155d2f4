"""The start of an answer that a person types: stored as theirs, sent, and gone on with."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Conversation, Provider
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, visit
from .continuing import as_shown, will_say

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_typed_start_is_stored_as_written_by_the_person_and_gone_on_with(
    conversation: Conversation, upstream: Upstream
) -> None:
    will_say(upstream, " fox")

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Go", start="The quick  ")
        await all_answered()
        _, start, rest = await branch(conversation)
        assert (start.text, start.generation_id, start.continues) == ("The quick  ", None, False)
        assert (rest.text, rest.continues, rest.parent_id) == (" fox", True, start.pk)
        assert upstream.requests[0].body["messages"][-1] == {"role": "assistant", "content": "The quick  "}
        assert await as_shown(conversation) == ["Go", "The quick   fox"]

    visit(conversation.owner, act)


def test_a_new_chat_may_begin_with_a_typed_start(alice: Any, provider: Provider, upstream: Upstream) -> None:
    will_say(upstream, " fox")

    async def act(browser: Browser) -> None:
        form = {"provider": str(provider.pk), "model": "scripted", "start": "The", "command": uuid4()}
        await browser.begin_chat("Go", **form)
        await browser.begin_chat("Go", **form)
        await all_answered()
        assert len(upstream.requests) == 1
        assert upstream.requests[0].body["messages"][-1] == {"role": "assistant", "content": "The"}

    visit(alice, act)


def test_a_blank_start_is_none(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Go", start=" \n ")
        await all_answered()
        assert upstream.requests[0].body["messages"] == [{"role": "user", "content": "Go"}]

    visit(conversation.owner, act)


def test_view_code_shows_the_start_as_it_would_be_sent(
    conversation: Conversation, provider: Provider
) -> None:
    Provider.objects.filter(pk=provider.pk).update(dialect="mistral")

    async def act(browser: Browser) -> None:
        path = f"/c/{conversation.pk}/code/?target=curl"
        page = await browser.post(path, message="Go", start="The quick")
        assert page.status_code == 200, page.content
        assert b"The quick" in page.content
        assert b"prefix" in page.content
        page = await browser.post(path, message="Go", start=" ")
        assert b"prefix" not in page.content

    visit(conversation.owner, act)

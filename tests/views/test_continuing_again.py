"""What became of a continuation: asked for again, dropped and brought back, or taken as the whole answer."""

from uuid import uuid4

import pytest

from chat.models import Conversation
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, visit
from .continuing import as_shown, said_to_it, talk_and_go_on, will_say

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_continuation_can_be_asked_for_again_and_dropped_and_brought_back(
    conversation: Conversation, upstream: Upstream
) -> None:
    will_say(upstream, "One", " two", " three")

    async def act(browser: Browser) -> None:
        head, two = await talk_and_go_on(browser, conversation, "Count")
        await browser.command(f"/messages/{two.pk}/alternatives/", shown=two.pk)
        await all_answered()
        three = (await branch(conversation))[-1]
        assert (three.continues, three.parent_id) == (True, head.pk)
        assert upstream.requests[1].body == upstream.requests[2].body
        assert await as_shown(conversation) == ["Count", "One three"]
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert "2 / 2" in page
        response = await browser.command(f"/messages/{three.pk}/deletion/", shown=three.pk)
        assert "Continuation dropped" in response.content.decode()
        assert await as_shown(conversation) == ["Count", "One two"]
        await browser.command(f"/messages/{two.pk}/deletion/", shown=two.pk)
        assert await as_shown(conversation) == ["Count", "One"]
        await browser.delete(f"/messages/{three.pk}/deletion/", command=uuid4(), shown=head.pk)
        assert await as_shown(conversation) == ["Count", "One three"]

    visit(conversation.owner, act)


def test_without_its_head_a_turn_is_neither_shown_nor_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    will_say(upstream, "One", " two")

    async def act(browser: Browser) -> None:
        head, last = await talk_and_go_on(browser, conversation, "Count")
        await browser.command(f"/messages/{head.pk}/deletion/", shown=last.pk)
        assert await as_shown(conversation) == ["Count"]
        await browser.send(conversation, "More", shown=last.pk)
        await all_answered()
        assert said_to_it(upstream) == ["Count", "More"]

    visit(conversation.owner, act)


def test_a_model_that_begins_again_is_told_of_and_can_be_taken_as_the_whole_answer(
    conversation: Conversation, upstream: Upstream
) -> None:
    will_say(upstream, "Once upon a time", "Once upon a time, there was a king.")

    async def act(browser: Browser) -> None:
        head, again = await talk_and_go_on(browser, conversation, "A tale")
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert "scripted began again instead of going on" in page
        await browser.command(f"/messages/{again.pk}/whole/", shown=again.pk)
        assert await as_shown(conversation) == ["A tale", "Once upon a time, there was a king."]
        whole = (await branch(conversation))[-1]
        assert (whole.pk, whole.parent_id, whole.continues) == (again.pk, head.parent_id, False)
        page = (await browser.get(f"/messages/{again.pk}/")).content.decode()
        assert "2 / 2" in page
        assert "began again" not in page
        response = await browser.command(f"/messages/{again.pk}/whole/", shown=again.pk)
        assert response.status_code == 409

    visit(conversation.owner, act)


def test_a_replay_of_a_continuation_is_another_one(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        head, span = await talk_and_go_on(browser, conversation)
        await browser.command(f"/generations/{span.generation_id}/replays/")
        await all_answered()
        again = (await branch(conversation))[-1]
        assert (again.continues, again.parent_id) == (True, head.pk)
        assert upstream.requests[1].body == upstream.requests[2].body

    visit(conversation.owner, act)

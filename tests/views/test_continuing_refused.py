"""What is not gone on with: nothing to go on from, somebody else's, or a blind round."""

from typing import Any

import pytest

from chat.models import Comparison, Conversation, Message
from tests.upstream import Upstream

from .asking import Browser, all_answered, talk, visit
from .continuing import said_to_it, talk_and_go_on, will_say

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_muted_head_mutes_the_turn(conversation: Conversation, upstream: Upstream) -> None:
    will_say(upstream, "One", " two")

    async def act(browser: Browser) -> None:
        head, last = await talk_and_go_on(browser, conversation, "Count")
        await Message.objects.filter(pk=head.pk).aupdate(muted=True)
        response = await browser.command(f"/messages/{last.pk}/continuations/", shown=last.pk)
        assert (response.status_code, b"no text here" in response.content) == (409, True)
        await browser.send(conversation, "More", shown=last.pk)
        await all_answered()
        assert said_to_it(upstream) == ["Count", "More"]

    visit(conversation.owner, act)


def test_what_has_no_text_or_called_a_tool_is_not_gone_on_with(conversation: Conversation) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    question = Message.objects.create(
        conversation=conversation, role="user", parts=[{"type": "text", "text": "?"}]
    )
    rows = [
        Message.objects.create(conversation=conversation, parent=question, role="assistant"),
        Message.objects.create(
            conversation=conversation, parent=question, role="assistant", tool_calls=[call],
            parts=[{"type": "text", "text": "Let me look."}],
        ),
        question,
    ]  # fmt: skip

    async def act(browser: Browser) -> None:
        for row in rows:
            response = await browser.command(f"/messages/{row.pk}/continuations/", shown=row.pk)
            assert response.status_code == 409
            assert "Continue" not in (await browser.get(f"/messages/{row.pk}/")).content.decode()

    visit(conversation.owner, act)


@pytest.mark.parametrize("fields", [{"muted": True}, {"parts": []}])
def test_nothing_goes_on_from_the_answer_above_instead(
    conversation: Conversation, upstream: Upstream, fields: dict[str, Any]
) -> None:
    async def act(browser: Browser) -> None:
        _, above = await talk(browser, conversation, "Hi")
        below = Message(conversation=conversation, parent=above, role="assistant", parts=above.parts)
        vars(below).update(fields)
        await below.asave(force_insert=True)
        response = await browser.command(f"/messages/{below.pk}/continuations/", shown=below.pk)
        assert (response.status_code, b"no text here" in response.content) == (409, True)
        assert len(upstream.requests) == 1

    visit(conversation.owner, act)


def test_another_ones_answers_cannot_be_gone_on_with(
    conversation: Conversation, bob: Any, upstream: Upstream
) -> None:
    async def mine(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")

    visit(conversation.owner, mine)
    conversation.refresh_from_db()

    async def theirs(browser: Browser) -> None:
        for what in ("continuations", "whole"):
            response = await browser.command(f"/messages/{conversation.tip_id}/{what}/")
            assert response.status_code == 404

    visit(bob, theirs)
    assert len(upstream.requests) == 1


def test_in_a_blind_round_nothing_goes_on_before_the_reveal(askable: Comparison, upstream: Upstream) -> None:
    conversation = askable.shown_panes()[0].conversation
    said = [{"type": "text", "text": "One"}]
    question = Message.objects.create(conversation=conversation, role="user", parts=said)
    answer = Message.objects.create(conversation=conversation, parent=question, role="assistant", parts=said)
    conversation.show(answer)

    async def act(browser: Browser) -> None:
        response = await browser.command(f"/messages/{answer.pk}/continuations/", shown=answer.pk)
        assert (response.status_code, b"blind round" in response.content) == (403, True)
        page = (await browser.get(f"/messages/{answer.pk}/")).content.decode()
        assert "Continue" not in page
        assert not upstream.requests

    visit(askable.owner, act)

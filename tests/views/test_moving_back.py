"""Undo of a move, over HTTP."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from chat.models import Conversation
from tests.upstream import Upstream

from .asking import Browser, branch, changes_in, talk, visit, words_in

pytestmark = pytest.mark.django_db(transaction=True)


def back_in(response: Any) -> str:
    """What the button in the toast takes along."""
    found = re.search(r"hx-vals='\{\"back\": \"([^\"]+)\"\}'", unescape(response.content.decode()))
    assert found, response.content
    return found[1]


def test_a_move_is_taken_back_by_the_button_that_its_answer_brings(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{answer.pk}/place/", by=-1)
        assert "Message moved Undo" in words_in(response)
        have = " ".join(f"{message.pk}:{message.state}" for message in await branch(conversation))
        path, command = f"/messages/{answer.pk}/place/former/", uuid4()
        for _ in range(2):
            undone = await browser.command(path, command=command, back=back_in(response), have=have)
            assert undone.status_code == 200
        assert [message.pk for message in await branch(conversation)] == [question.pk, answer.pk]
        assert len(changes_in(undone).added) == 1
        assert "Moved: now message 2 of 2, as before" in undone["HX-Trigger"]
        again = await browser.command(path, back=back_in(response))
        assert (again.status_code, "Move it by hand" in words_in(again)) == (409, True)

    visit(conversation.owner, act)


def test_what_the_server_did_not_say_moves_nothing(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "Hi")
        told = back_in(await browser.command(f"/messages/{answer.pk}/place/", by=-1))
        for id, back in [(answer.pk, ""), (answer.pk, f"x{told}"), (question.pk, told)]:
            response = await browser.command(f"/messages/{id}/place/former/", back=back)
            assert response.status_code == 422
        assert [message.pk for message in await branch(conversation)] == [answer.pk, question.pk]

    visit(conversation.owner, act)


def test_what_stays_where_it_is_offers_no_undo(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{question.pk}/place/", by=-1)
        assert "Undo" not in words_in(response)

    visit(conversation.owner, act)

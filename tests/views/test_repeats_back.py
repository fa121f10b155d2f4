"""Where the page of repeats leads back to."""

from typing import Any

import pytest
from django.test import Client

from chat.comparisons.panes import compare, compare_chat
from chat.models import Comparison, Conversation, Message
from tests.comparisons.answering import answer

pytestmark = pytest.mark.django_db

CHAT = 'href="/c/{}/#message-{}" aria-label="Back to the conversation"'
COMPARISON = 'href="/compare/{}/" aria-label="Back to the comparison"'


@pytest.fixture
def chats_answer(alice: Any) -> Message:
    chat = Conversation.objects.create(owner=alice)
    comparison = compare(alice, [chat, Conversation(owner=alice)])
    [pane, _] = comparison.shown_panes()
    said = answer(pane)
    comparison.delete()
    return said


def back(alices: Client, message: Message) -> str:
    page = alices.get(f"/messages/{message.pk}/repeats/").content.decode()
    assert page.count("Back to the") == 2
    return page


def test_to_the_chat_of_the_answer(alices: Client, chats_answer: Message) -> None:
    link = CHAT.format(chats_answer.conversation_id, chats_answer.pk)
    assert link in back(alices, chats_answer)


def test_to_the_newest_comparison_that_is_there(alices: Client, chats_answer: Message) -> None:
    comparisons = [compare_chat(Conversation.objects.get(pk=chats_answer.conversation_id)) for _ in range(2)]
    for comparison in reversed(comparisons):
        assert COMPARISON.format(comparison.pk) in back(alices, chats_answer)
        assert alices.get(f"/compare/{comparison.pk}/").status_code == 200
        Comparison.objects.get(pk=comparison.pk).delete_for_now()
    assert CHAT.format(chats_answer.conversation_id, chats_answer.pk) in back(alices, chats_answer)


def test_of_all_panes_to_their_comparison(alices: Client, comparison: Comparison) -> None:
    page = alices.get(f"/compare/{comparison.pk}/repeats/").content.decode()
    assert COMPARISON.format(comparison.pk) in page
    assert "<h1>Repeats of the last answers</h1>" in page

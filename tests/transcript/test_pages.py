"""A page of a conversation: its end, and what is above."""

from typing import Any

import pytest

from chat.models import Message, Role
from chat.transcript import MESSAGES_ON_A_PAGE, newest_page, opening_page, page_up_to

from .talking import ids, say, talk

pytestmark = pytest.mark.django_db


def test_a_page_opens_with_the_newest_messages(alice: Any) -> None:
    conversation, messages = talk(alice, MESSAGES_ON_A_PAGE + 10)
    page = newest_page(conversation)
    assert page.messages == messages[10:]
    assert page.earlier == messages[9].pk


def test_the_page_above_ends_where_this_one_begins(alice: Any) -> None:
    conversation, messages = talk(alice, MESSAGES_ON_A_PAGE + 10)
    above = page_up_to(newest_page(conversation).earlier)
    assert above.messages == messages[:10]
    assert above.earlier is None


def test_a_page_of_nothing_is_empty(alice: Any) -> None:
    conversation, _ = talk(alice, 0)
    page = newest_page(conversation)
    assert (page.messages, page.earlier) == ([], None)


def test_the_messages_of_a_page_know_their_alternatives(alice: Any) -> None:
    conversation, messages = talk(alice, 2)
    say(conversation, messages[0])
    assert [message.position for message in newest_page(conversation).messages] == [1, 2]


def test_above_a_page_of_deleted_messages_the_branch_goes_on(alice: Any) -> None:
    conversation, messages = talk(alice, MESSAGES_ON_A_PAGE * 2)
    for message in messages[10:]:
        message.delete_for_now()
    assert ids(newest_page(conversation).messages) == ids(messages[:10])


def test_what_goes_on_from_a_deleted_answer_is_no_place_to_open_a_page_at(alice: Any) -> None:
    conversation, messages = talk(alice, 3)
    Message.objects.filter(pk__in=[message.pk for message in messages[1:]]).update(role=Role.ASSISTANT)
    Message.objects.filter(pk=messages[2].pk).update(continues=True)
    messages[1].delete_for_now()
    span = Message.objects.get(pk=messages[2].pk)
    assert ids(opening_page(conversation, span).messages) == [messages[0].pk]

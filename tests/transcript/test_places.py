"""A page opens at any message of a long conversation, and what is around comes as one goes there."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation, Message
from chat.transcript import opening_page, page_after, page_around, page_up_to

from .talking import ids, say, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(alice: Any) -> tuple[Conversation, list[Message]]:
    return talk(alice, 60)


def test_it_opens_around_the_message_that_is_named(long: tuple[Conversation, list[Message]]) -> None:
    conversation, messages = long
    page = opening_page(conversation, messages[30], 10)
    assert ids(page.messages) == ids(messages[25:35])
    assert (page.earlier, page.tip, page.at) == (messages[24].pk, messages[-1].pk, messages[30].pk)


def test_it_opens_at_the_end_where_nothing_is_named(long: tuple[Conversation, list[Message]]) -> None:
    conversation, messages = long
    page = opening_page(conversation, None, 10)
    assert (ids(page.messages), page.tip, page.at) == (ids(messages[50:]), None, None)


def test_a_deleted_message_opens_the_end(long: tuple[Conversation, list[Message]]) -> None:
    conversation, messages = long
    messages[30].delete_for_now()
    assert opening_page(conversation, messages[30], 10).messages[-1] == messages[-1]


def test_a_message_of_another_conversation_opens_the_end(
    alice: Any, long: tuple[Conversation, list[Message]]
) -> None:
    _, (stranger,) = talk(alice, 1)
    conversation, messages = long
    assert opening_page(conversation, stranger, 10).messages[-1] == messages[-1]


def test_a_message_on_another_branch_opens_that_branch_and_shows_no_other_to_other_tabs(
    long: tuple[Conversation, list[Message]],
) -> None:
    conversation, messages = long
    other = say(conversation, messages[20])
    last = say(conversation, other)
    conversation.show(messages[-1])
    page = opening_page(conversation, other, 10)
    assert ids(page.messages)[-2:] == [other.pk, last.pk]
    conversation.refresh_from_db()
    assert conversation.tip == messages[-1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 59), gone=st.sets(st.integers(0, 59), max_size=20), most=st.integers(2, 30))
def test_from_any_place_one_reads_all_of_it_once(
    long: tuple[Conversation, list[Message]], at: int, gone: set[int], most: int
) -> None:
    _, messages = long
    Message.objects.update(deleted_at=None)
    for place in gone - {at}:
        messages[place].delete_for_now()
    kept = [message.pk for place, message in enumerate(messages) if place not in gone - {at}]
    tip: UUID | None = messages[-1].pk
    page = page_around(tip, messages[at].pk, most)
    seen, earlier, last, tip = ids(page.messages), page.earlier, page.last.pk, page.tip
    while earlier:
        above = page_up_to(earlier, most)
        seen, earlier = ids(above.messages) + seen, above.earlier
    while tip:
        below = page_after(tip, last, most)
        seen, tip = seen + ids(below.messages), below.tip
        last = below.last.pk if below.messages else last
    assert seen == kept


def test_what_follows_a_message_that_was_deleted_since_is_found(
    long: tuple[Conversation, list[Message]],
) -> None:
    _, messages = long
    messages[10].delete_for_now()
    assert ids(page_after(messages[-1].pk, messages[10].pk, 5).messages) == ids(messages[11:16])


def test_what_follows_on_a_branch_without_the_message_is_nothing_to_be_guessed(
    long: tuple[Conversation, list[Message]],
) -> None:
    conversation, messages = long
    other = say(conversation, messages[20])
    with pytest.raises(ValueError, match="another branch"):
        page_after(messages[-1].pk, other.pk)


def test_a_place_takes_as_many_queries_as_another(
    alice: Any, long: tuple[Conversation, list[Message]], django_assert_max_num_queries: Any
) -> None:
    conversation, messages = long
    for place in (0, 30, 59):
        with django_assert_max_num_queries(6):
            opening_page(conversation, messages[place], 20)

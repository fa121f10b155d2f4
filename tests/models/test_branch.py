"""Walking the tree of messages."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Conversation, Message
from chat.models.branch import newest_leaf, number_alternatives, path_to

from .saying import say

pytestmark = pytest.mark.django_db


def chain(conversation: Conversation, length: int) -> list[Message]:
    """So many messages, each below the one before."""
    messages: list[Message] = []
    for number in range(length):
        parent = messages[-1] if messages else None
        messages.append(Message(conversation=conversation, parent=parent, role="user", parts=[]))
        messages[-1].parts = [{"type": "text", "text": str(number)}]
    return Message.objects.bulk_create(messages, batch_size=1000)


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


@pytest.fixture
def conversation(alice: Any) -> Conversation:
    return Conversation.objects.create(owner=alice)


def test_a_path_goes_from_the_root_to_the_tip(conversation: Conversation) -> None:
    messages = chain(conversation, 5)
    assert texts(path_to(messages[-1].pk)) == ["0", "1", "2", "3", "4"]
    assert texts(path_to(messages[2].pk)) == ["0", "1", "2"]


def test_there_is_no_path_to_nothing(conversation: Conversation) -> None:
    assert path_to(None) == []
    assert path_to(conversation.pk) == []


def test_a_path_may_be_only_the_newest(conversation: Conversation) -> None:
    tip = chain(conversation, 5)[-1]
    assert texts(path_to(tip.pk, newest=2)) == ["3", "4"]
    assert texts(path_to(tip.pk, newest=1)) == ["4"]
    assert len(path_to(tip.pk, newest=9)) == 5


def test_a_path_takes_no_side_branch(conversation: Conversation) -> None:
    root = say(conversation, "root")
    left, right = say(conversation, "left", root), say(conversation, "right", root)
    assert texts(path_to(left.pk)) == ["root", "left"]
    assert texts(path_to(right.pk)) == ["root", "right"]


def test_a_deleted_message_is_left_out_and_what_hangs_on_it_stays(conversation: Conversation) -> None:
    messages = chain(conversation, 3)
    messages[1].delete_for_now()
    assert texts(path_to(messages[2].pk)) == ["0", "2"]
    messages[1].restore()
    assert texts(path_to(messages[2].pk)) == ["0", "1", "2"]


def test_five_thousand_messages_in_a_row_are_no_trouble(conversation: Conversation) -> None:
    messages = chain(conversation, 5000)
    assert len(path_to(messages[-1].pk)) == 5000
    assert newest_leaf(messages[0].pk) == messages[-1].pk


def test_the_newest_of_five_thousand_cost_a_page_and_no_more(conversation: Conversation) -> None:
    messages = chain(conversation, 5000)
    with CaptureQueriesContext(connection) as queries:
        number_alternatives(path_to(messages[-1].pk, newest=50))
    assert len(queries) == 3


def test_the_newest_leaf_is_what_was_said_last_below_a_message(conversation: Conversation) -> None:
    root = say(conversation, "root")
    old = say(conversation, "old", root)
    new = say(conversation, "new", root)
    below_old = say(conversation, "below old", old)
    assert newest_leaf(root.pk) == below_old.pk
    assert newest_leaf(new.pk) == new.pk
    assert newest_leaf(old.pk) == below_old.pk


def test_the_newest_leaf_is_never_a_deleted_message(conversation: Conversation) -> None:
    root = say(conversation, "root")
    kept, gone = say(conversation, "kept", root), say(conversation, "gone", root)
    gone.delete_for_now()
    assert newest_leaf(root.pk) == kept.pk


def test_a_message_with_nothing_left_below_it_is_its_own_leaf(conversation: Conversation) -> None:
    root = say(conversation, "root")
    say(conversation, "gone", root).delete_for_now()
    assert newest_leaf(root.pk) == root.pk


def test_alternatives_are_numbered_in_the_order_in_which_they_were_made(conversation: Conversation) -> None:
    root = say(conversation, "root")
    answers = [say(conversation, str(number), root) for number in range(3)]
    page = path_to(answers[1].pk)
    number_alternatives(page)
    assert [(message.position, len(message.alternatives)) for message in page] == [(1, 1), (2, 3)]
    assert page[1].alternatives == tuple(answer.pk for answer in answers)


def test_deleted_alternatives_are_not_counted(conversation: Conversation) -> None:
    root = say(conversation, "root")
    answers = [say(conversation, str(number), root) for number in range(3)]
    answers[0].delete_for_now()
    page = path_to(answers[2].pk)
    number_alternatives(page)
    assert (page[1].position, len(page[1].alternatives)) == (2, 2)


def test_first_messages_are_alternatives_only_within_their_conversation(
    conversation: Conversation, alice: Any
) -> None:
    say(Conversation.objects.create(owner=alice), "elsewhere")
    roots = [say(conversation, "one"), say(conversation, "two")]
    number_alternatives(roots)
    assert [root.position for root in roots] == [1, 2]
    assert roots[0].alternatives == tuple(root.pk for root in roots)


def test_numbering_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        number_alternatives([])


def test_a_branch_ends_with_a_leaf_however_old_that_is(conversation: Conversation) -> None:
    old, root = say(conversation, "old"), say(conversation, "root")
    middle = say(conversation, "middle", root)
    Message.objects.filter(pk=old.pk).update(parent=middle)
    assert newest_leaf(root.pk) == old.pk


def test_a_branch_through_a_deleted_message_ends_where_it_ends(conversation: Conversation) -> None:
    messages = chain(conversation, 4)
    for message in messages[1], messages[3]:
        message.delete_for_now()
    assert newest_leaf(messages[0].pk) == messages[2].pk


def test_a_part_of_a_branch_is_as_long_however_many_were_deleted(conversation: Conversation) -> None:
    messages = chain(conversation, 9)
    for message in messages[3:]:
        message.delete_for_now()
    assert texts(path_to(messages[-1].pk, newest=2)) == ["1", "2"]

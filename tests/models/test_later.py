"""How many messages one would see on the branches that a page does not show."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Conversation, Message, Role
from chat.models.branch import number_alternatives, path_to
from chat.models.later import tell_of_later
from chat.models.message import text_part

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, parent: Message | None, count: int = 1) -> list[Message]:
    """So many messages in a row; the last one is the end of what is shown."""
    said = []
    for number in range(count):
        parent = Message.objects.create(
            conversation=conversation, parent=parent, role=Role.USER, parts=[text_part(str(number))]
        )
        said.append(parent)
    conversation.show(parent)
    return said


def told(conversation: Conversation) -> list[str]:
    path = path_to(Conversation.objects.get(pk=conversation.pk).tip_id)
    number_alternatives(path)
    tell_of_later(path)
    return [message.later.words if message.later else "" for message in path]


def test_what_was_said_below_an_alternative_is_told(conversation: Conversation) -> None:
    [root] = say(conversation, None)
    [first, *_] = say(conversation, root, 5)
    [second] = say(conversation, root)
    assert told(conversation) == ["", "4 later messages on the other branch"]
    path = path_to(second.pk)
    number_alternatives(path)
    tell_of_later(path)
    assert path[-1].later
    assert path[-1].later.id == first.pk


def test_nothing_is_told_where_switching_shows_no_more_than_it_hides(conversation: Conversation) -> None:
    [root] = say(conversation, None)
    say(conversation, root, 3)
    [second] = say(conversation, root)
    assert told(conversation)[-1] == "2 later messages on the other branch"
    say(conversation, second)
    assert told(conversation)[1] == "2 later messages on the other branch"
    say(conversation, conversation.tip)
    assert told(conversation) == ["", "", "", ""]


def test_of_several_branches_the_one_with_the_most_is_named(conversation: Conversation) -> None:
    [root] = say(conversation, None)
    for count in (2, 4, 1, 1):
        say(conversation, root, count)
    assert told(conversation)[-1] == "3 later messages on branch 2"


def test_what_counts_is_what_one_would_see_there(conversation: Conversation) -> None:
    """Down to what was said last, not the longest way; without what was deleted."""
    [root] = say(conversation, None)
    [other] = say(conversation, root)
    say(conversation, other, 9)
    [gone, below] = say(conversation, other, 2)
    gone.delete_for_now()
    say(conversation, root)
    assert told(conversation)[-1] == "1 later message on the other branch"
    below.delete_for_now()
    assert told(conversation)[-1] == "9 later messages on the other branch"


def test_what_goes_on_from_a_message_is_one_with_it(conversation: Conversation) -> None:
    [root] = say(conversation, None)
    [_, more, _] = say(conversation, root, 3)
    Message.objects.filter(pk=more.pk).update(role=Role.ASSISTANT, continues=True)
    say(conversation, root)
    assert told(conversation)[-1] == "1 later message on the other branch"


def test_of_earlier_messages_the_whole_branch_below_them_counts(conversation: Conversation) -> None:
    [root] = say(conversation, None)
    say(conversation, root, 4)
    shown = say(conversation, root, 9)
    part = path_to(shown[1].pk)
    number_alternatives(part)
    tell_of_later(part)
    assert [message.later for message in part] == [None, None, None]


def test_first_messages_have_other_branches_too(conversation: Conversation) -> None:
    say(conversation, None, 3)
    say(conversation, None)
    assert told(conversation) == ["2 later messages on the other branch"]


@pytest.mark.parametrize("forks", [0, 1, 30])
def test_a_page_takes_one_query_for_all_of_it(conversation: Conversation, forks: int) -> None:
    parent: Message | None = None
    for _ in range(forks):
        [other] = say(conversation, parent)
        say(conversation, other, 2)
        [parent] = say(conversation, parent)
    say(conversation, parent)
    path: list[Any] = path_to(conversation.tip_id)
    number_alternatives(path)
    with CaptureQueriesContext(connection) as queries:
        tell_of_later(path)
    assert len(queries) == min(forks, 1)

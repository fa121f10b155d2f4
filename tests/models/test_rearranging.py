"""Adding, moving and deleting where it is easy to be wrong."""

import pytest
from django.contrib.auth.models import User

from chat.models import Conversation, Generation, Message, Role
from chat.models.rearranging import Side, add, add_last, bring_back, delete, move, move_by
from chat.refusals import Refused

from .saying import fresh, say, shown, talk, through

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return Conversation.objects.create(owner=alice)


# Adding


def test_what_is_added_above_takes_the_place_of_that_message(conversation: Conversation) -> None:
    a, b, _ = talk(conversation, "a", "b", "c")
    other = say(conversation, "other", a)
    add(b, Side.ABOVE, Role.SYSTEM, "new")
    assert shown(conversation) == "a new b c"
    assert through(other) == "a other"


def test_what_is_added_above_the_first_message_comes_first(conversation: Conversation) -> None:
    a, _ = talk(conversation, "a", "b")
    assert add(a, Side.ABOVE, Role.SYSTEM, "new").parent is None
    assert shown(conversation) == "new a b"


def test_all_that_hung_on_a_message_hangs_on_what_is_added_below_it(conversation: Conversation) -> None:
    a, _, _ = talk(conversation, "a", "b", "c")
    other = say(conversation, "other", a)
    add(a, Side.BELOW, Role.USER, "new")
    assert shown(conversation) == "a new b c"
    assert through(other) == "a new other"


def test_what_is_added_below_the_last_message_is_the_last(conversation: Conversation) -> None:
    *_, b = talk(conversation, "a", "b")
    add(b, Side.BELOW, Role.ASSISTANT, "new")
    assert shown(conversation) == "a b new"


def test_the_last_one_moved_up_and_back_is_an_alternative_as_before(conversation: Conversation) -> None:
    question, one = talk(conversation, "question", "one")
    two = say(conversation, "two", question)
    conversation.show(two)
    assert move_by(fresh(two), -1)
    assert shown(conversation) == "two question"
    assert move_by(fresh(two), 1)
    assert shown(conversation) == "question two"
    assert fresh(one).parent_id == fresh(two).parent_id == question.pk


def test_a_first_message_is_added_where_there_is_none(conversation: Conversation) -> None:
    first = add_last(conversation, None, Role.SYSTEM, "new")
    assert shown(conversation) == "new"
    add_last(conversation, first, Role.USER, "more")
    assert shown(conversation) == "new more"


def test_a_turn_of_several_pieces_is_never_parted(conversation: Conversation) -> None:
    a, b, more = talk(conversation, "a", "b", "more")
    Message.objects.filter(pk__in=[b.pk, more.pk]).update(role=Role.ASSISTANT)
    Message.objects.filter(pk=more.pk).update(continues=True)
    other = say(conversation, "other", b, role=Role.ASSISTANT, continues=True)
    add(fresh(b), Side.BELOW, Role.USER, "new")
    assert shown(conversation) == "a b more new"
    assert through(other) == "a b other"
    move(fresh(b), fresh(a), Side.ABOVE)
    assert shown(conversation) == "b more a new"
    assert through(other) == "b more a b other"


def test_what_is_on_another_branch_is_not_added_to(conversation: Conversation) -> None:
    a, _ = talk(conversation, "a", "b")
    other = say(conversation, "other", a)
    with pytest.raises(Refused, match="not on the branch"):
        add(other, Side.BELOW, Role.USER, "new")


# Moving


def test_a_message_is_moved_to_any_place(conversation: Conversation) -> None:
    a, b, c, d = talk(conversation, "a", "b", "c", "d")
    assert move(a, d, Side.BELOW)
    assert shown(conversation) == "b c d a"
    assert move(fresh(d), fresh(b), Side.ABOVE)
    assert shown(conversation) == "d b c a"
    assert not move(fresh(c), fresh(b), Side.BELOW)
    assert shown(conversation) == "d b c a"


def test_what_comes_first_comes_before_no_other_first_message(conversation: Conversation) -> None:
    other = say(conversation, "other")
    a, b = talk(conversation, "a", "b")
    move(b, a, Side.ABOVE)
    assert shown(conversation) == "b a"
    assert through(other) == "other"


def test_a_message_is_moved_by_places_and_no_further_than_there_are(conversation: Conversation) -> None:
    a, *_ = talk(conversation, "a", "b", "c")
    assert move_by(a, 1)
    assert shown(conversation) == "b a c"
    assert move_by(fresh(a), 9)
    assert shown(conversation) == "b c a"
    assert not move_by(fresh(a), 1)


def test_a_branch_that_had_the_message_keeps_a_copy_of_it(conversation: Conversation) -> None:
    _, b, c = talk(conversation, "a", "b", "c")
    other = say(conversation, "other", b)
    move(b, c, Side.BELOW)
    assert shown(conversation) == "a c b"
    assert through(other) == "a b other"


def test_a_copy_with_nothing_but_deleted_messages_below_it_is_not_shown(conversation: Conversation) -> None:
    a, b, c = talk(conversation, "a", "b", "c")
    gone = say(conversation, "gone", b)
    gone.delete_for_now()
    move(b, c, Side.BELOW)
    assert [child.text for child in Message.objects.filter(parent=a, deleted_at=None)] == ["c"]
    gone.refresh_from_db()
    assert gone.parent
    assert gone.parent.text == "b"


def test_a_copied_answer_knows_its_call(conversation: Conversation) -> None:
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="finished"
    )
    _, b, c = talk(conversation, "a", "b", "c")
    Message.objects.filter(pk=b.pk).update(role=Role.ASSISTANT, generation=call)
    other = say(conversation, "other", b)
    move(fresh(b), c, Side.BELOW)
    other.refresh_from_db()
    assert other.parent
    assert other.parent.call == call
    assert fresh(b).generation == call


def test_nothing_is_moved_or_added_while_an_answer_is_written(conversation: Conversation) -> None:
    a, b = talk(conversation, "a", "b")
    Generation.objects.create(owner=conversation.owner, conversation=conversation, model="m")
    with pytest.raises(Refused, match="still answering"):
        move(a, b, Side.BELOW)
    with pytest.raises(Refused, match="still answering"):
        add(a, Side.BELOW, Role.USER, "new")


# Deleting


def test_what_was_said_after_a_deleted_message_stays(conversation: Conversation) -> None:
    a, b, _ = talk(conversation, "a", "b", "c")
    say(conversation, "other", a)
    delete(fresh(b))
    assert shown(conversation) == "a c"
    bring_back(fresh(b))
    assert shown(conversation) == "a b c"


def test_where_nothing_was_said_after_it_an_alternative_is_shown(conversation: Conversation) -> None:
    a, b = talk(conversation, "a", "b")
    other = say(conversation, "other", a)
    say(conversation, "more", other)
    delete(fresh(b))
    assert shown(conversation) == "a other more"
    bring_back(fresh(b))
    assert shown(conversation) == "a b"

"""A move taken back leaves the tree as it was, on every branch."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from chat.models import Conversation, Message
from chat.models.branch import path_to
from chat.models.moving_back import Moved, move_back
from chat.models.rearranging import Side, move, move_by
from chat.refusals import Refused

from .saying import fresh, say, shown, talk, through
from .test_rearranging_any_tree import MANY, TREES, plant

pytestmark = pytest.mark.django_db

Seen = dict[UUID, UUID | None]


def seen(conversation: Conversation) -> Seen:
    """What is there, and what it hangs on."""
    rows = Message.objects.filter(conversation=conversation, deleted_at=None)
    return dict(rows.values_list("pk", "parent_id"))


def told_and_back(moved: Moved | None) -> Moved:
    """As a page holds it meanwhile."""
    assert moved
    return Moved.from_json(moved.as_json())


def test_what_parts_where_a_message_was_put_keeps_no_copy_of_it(conversation: Conversation) -> None:
    a, _, c = talk(conversation, "a", "b", "c")
    other = say(conversation, "other", a)
    before = seen(conversation)
    moved = move(fresh(c), fresh(a), Side.BELOW)
    assert (shown(conversation), through(other)) == ("a c b", "a c other")
    move_back(conversation, told_and_back(moved))
    assert (shown(conversation), through(other)) == ("a b c", "a other")
    assert seen(conversation) == before


def test_the_copy_that_a_move_left_goes(conversation: Conversation) -> None:
    _, b, _ = talk(conversation, "a", "b", "c")
    other = say(conversation, "other", b)
    before = seen(conversation)
    moved = move_by(fresh(b), 1)
    assert (shown(conversation), through(other)) == ("a c b", "a b other")
    assert len(told_and_back(moved).copies) == 1
    move_back(conversation, told_and_back(moved))
    assert (shown(conversation), through(other), seen(conversation)) == ("a b c", "a b other", before)


def test_what_was_changed_since_is_not_put_back(conversation: Conversation) -> None:
    _, b, _ = talk(conversation, "a", "b", "c")
    moved = told_and_back(move_by(fresh(b), 1))
    move_by(fresh(b), -2)
    with pytest.raises(Refused, match="changed here since it was moved"):
        move_back(conversation, moved)
    assert shown(conversation) == "b a c"


def test_where_nothing_was_moved_there_is_nothing_to_take_back(conversation: Conversation) -> None:
    a, *_ = talk(conversation, "a", "b")
    assert move_by(fresh(a), -1) is None


@MANY
@given(TREES, st.integers(0, 30), st.integers(0, 30), st.sampled_from(Side.values))
def test_any_move_in_any_tree_is_taken_back(
    alice: User, shape: Any, first: int, second: int, side: str
) -> None:
    conversation = plant(alice, shape)
    branch = path_to(conversation.tip_id)
    if not branch:
        return
    before, tip = seen(conversation), conversation.tip_id
    moved = move(branch[first % len(branch)], branch[second % len(branch)], Side(side))
    if moved is None:
        return
    move_back(conversation, told_and_back(moved))
    conversation.refresh_from_db()
    assert (seen(conversation), conversation.tip_id) == (before, tip)

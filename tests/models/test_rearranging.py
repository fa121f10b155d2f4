"""Adding and moving in random trees, and in those where it is easy to be wrong."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation, Generation, Message, Role
from chat.models.branch import ids_to, newest_leaf, path_to
from chat.models.message import text_part
from chat.models.rearranging import Side, add, add_last, bring_back, delete, move, move_by
from chat.refusals import Refused

Tree = dict[UUID, UUID | None]


def say(conversation: Conversation, text: str, parent: Message | None = None, **fields: Any) -> Message:
    role = fields.pop("role", Role.USER)
    return Message.objects.create(
        conversation=conversation, parent=parent, role=role, parts=[text_part(text)], **fields
    )


def talk(conversation: Conversation, *words: str) -> list[Message]:
    """One below the other, all of it shown."""
    said: list[Message] = []
    for word in words:
        said.append(say(conversation, word, said[-1] if said else None))
    conversation.show(said[-1])
    return said


def shown(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return " ".join(message.text for message in path_to(conversation.tip_id))


def through(message: Message) -> str:
    """The branch that one gets by choosing this alternative."""
    return " ".join(each.text for each in path_to(newest_leaf(message.pk)))


def fresh(message: Message) -> Message:
    return Message.objects.select_related("conversation").get(pk=message.pk)


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return Conversation.objects.create(owner=alice)


pytestmark = pytest.mark.django_db


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


# Any tree, any acts

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["above", "below", "up", "down", "move above", "move below", "delete"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=8,
)
# Each hangs on one before it; the first is a root, and so is any other one whose number points at itself.
TREES = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=12)


MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def plant(owner: User, shape: list[tuple[int, bool]]) -> Conversation:
    conversation = Conversation.objects.create(owner=owner)
    planted: list[Message] = []
    for number, (above, deleted) in enumerate(shape):
        parent = planted[above % (number + 1)] if above % (number + 1) < number else None
        planted.append(say(conversation, str(number), parent))
        if deleted:
            planted[-1].delete_for_now()
    conversation.show(Message.objects.get(pk=newest_leaf(planted[0].pk)))
    return conversation


@MANY
@given(TREES, ACTS)
def test_no_message_is_lost_and_other_branches_stay(
    alice: User, shape: list[tuple[int, bool]], acts: list[tuple[str, int, int]]
) -> None:
    conversation = plant(alice, shape)
    for name, first, second in acts:
        on_branch = path_to(conversation.tip_id)
        if not on_branch:
            add_last(conversation, conversation.tip, Role.USER, "first")
            continue
        one, other = on_branch[first % len(on_branch)], on_branch[second % len(on_branch)]
        before, whole = _tree(conversation), set(ids_to(conversation.tip_id, deleted=True))
        expected = act(name, one, other, [message.pk for message in on_branch])
        after = _tree(conversation)
        assert set(before) <= set(after)
        _is_a_tree(after)
        _shows(conversation, expected)
        _others_stay(before, after, whole)


def act(name: str, one: Message, other: Message, order: list[UUID]) -> list[UUID]:
    """Returns what is to be shown then."""
    place, rest = order.index(one.pk), [id for id in order if id != one.pk]
    if name in Side.values:
        new = add(one, Side(name), Role.USER, "new")
        place += name == Side.BELOW
        return [*order[:place], new.pk, *order[place:]]
    if name == "delete":
        one.delete_for_now()
        return rest
    if name in ("up", "down"):
        by = 1 if name == "down" else -1
        move_by(one, by)
        place = max(0, place + by)
    elif one.pk != other.pk:
        side = Side(name.removeprefix("move "))
        move(one, other, side)
        place = rest.index(other.pk) + (side == Side.BELOW)
    return [*rest[:place], one.pk, *rest[place:]]


@MANY
@given(TREES, st.integers(0, 30))
def test_down_and_up_again_is_the_same_order(alice: User, shape: list[tuple[int, bool]], number: int) -> None:
    conversation = plant(alice, shape)
    before = [message.pk for message in path_to(conversation.tip_id)]
    if len(before) < 2:
        return
    moved = before[number % (len(before) - 1)]
    for steps in (1, -1):
        assert move_by(Message.objects.select_related("conversation").get(pk=moved), steps)
    _shows(conversation, before)


def _tree(conversation: Conversation) -> Tree:
    return dict(Message.objects.filter(conversation=conversation).values_list("pk", "parent_id"))


def _is_a_tree(parents: Tree) -> None:
    """Everything leads up to a root: there is no circle, and nothing hangs on what is not there."""
    for id in parents:
        seen: set[UUID | None] = set()
        at: UUID | None = id
        while at is not None:
            assert at not in seen
            assert at in parents
            seen.add(at)
            at = parents[at]


def _shows(conversation: Conversation, expected: list[UUID]) -> None:
    conversation.refresh_from_db()
    assert [message.pk for message in path_to(conversation.tip_id)] == expected


def _branches(parents: Tree) -> dict[UUID, tuple[UUID, ...]]:
    """Each end with the way down to it."""
    hung: dict[UUID | None, list[UUID]] = defaultdict(list)
    for id, parent in parents.items():
        hung[parent].append(id)
    found = {}
    for end in (id for id in parents if not hung[id]):
        way: list[UUID] = []
        at: UUID | None = end
        while at is not None:
            way.append(at)
            at = parents[at]
        found[end] = tuple(reversed(way))
    return found


def _others_stay(before: Tree, after: Tree, touched: set[UUID]) -> None:
    """Branches that share nothing with the one that is shown end as they did and hold what they held."""
    now = _branches(after)
    for end, way in _branches(before).items():
        if not touched & set(way):
            assert now[end] == way

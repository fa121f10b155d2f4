"""Random acts on random trees: no message is lost, what is shown is as expected, and other branches stay."""

from collections import defaultdict
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation, Message, Role
from chat.models.branch import ids_to, newest_leaf, path_to
from chat.models.rearranging import Side, add, add_last, move, move_by

from .saying import say

pytestmark = pytest.mark.django_db

Tree = dict[UUID, UUID | None]

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

"""What a page holds, and what it is told to change: after anything that is done, it shows what it would show anew."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation, Message, Role
from chat.models.branch import path_to
from chat.models.calling import mute
from chat.models.message import text_part
from chat.models.rearranging import Side, add, move_by
from chat.transcript import MESSAGES_ON_A_PAGE, Change, Page, newest_page, page_around
from chat.transcript.held import LEFT_ALONE, change_in, held_by

pytestmark = pytest.mark.django_db


def talk(owner: User, length: int) -> Conversation:
    conversation = Conversation.objects.create(owner=owner)
    above: Message | None = None
    for number in range(length):
        above = Message.objects.create(
            conversation=conversation, parent=above, role=Role.USER, parts=[text_part(str(number))]
        )
    conversation.show(above)
    return conversation


class Tab:
    """A page, as the browser has it: it says what it holds, and does as it is told."""

    def __init__(self, conversation: Conversation, page: Page) -> None:
        self.conversation = conversation
        self.take(page)

    def take(self, page: Page) -> None:
        self.states = {message.pk: message.state for message in page.messages}
        self.above, self.tip = page.earlier, page.tip

    def says(self) -> str:
        words = [f"^{self.above}"] if self.above else []
        words += [f"{id}:{state}" for id, state in self.states.items()]
        return " ".join([*words, "$"] if self.tip else words)

    def catches_up(self) -> Change:
        self.conversation.refresh_from_db()
        held = held_by(self.says())
        assert held
        change = change_in(held, self.conversation)
        if change.whole:
            self.take(change.page)
            return change
        order = [id for id in self.states if id not in change.removed]
        states = {id: self.states[id] for id in order} | {each.pk: each.state for each in change.renewed}
        for run in change.inserted:
            place = order.index(run.before)
            order[place:place] = [message.pk for message in run.messages]
            states |= {message.pk: message.state for message in run.messages}
        order += [message.pk for message in change.added]
        states |= {message.pk: message.state for message in change.added}
        self.states = {id: states[id] for id in order}
        if change.later:
            self.tip = change.later[0]
        return change

    def is_right(self) -> None:
        path = path_to(self.conversation.tip_id)
        ids = [message.pk for message in path]
        first = ids.index(self.above) + 1 if self.above in ids else 0
        shown = path[first : first + len(self.states)]
        assert self.states == {message.pk: message.state for message in shown}
        assert self.tip or len(path) == first + len(self.states)


def said(conversation: Conversation) -> list[Message]:
    return path_to(conversation.tip_id)


ACTS: list[Callable[[Message], Any]] = [
    lambda message: move_by(message, 1),
    lambda message: move_by(message, -3),
    lambda message: add(message, Side.ABOVE, Role.USER, "new"),
    lambda message: add(message, Side.BELOW, Role.USER, "new"),
    lambda message: message.rewrite("other"),
    lambda message: mute(message, not message.muted),
    lambda message: message.delete_for_now(),
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.sampled_from(range(len(ACTS))), st.integers(0, 40)), min_size=1, max_size=6),
    st.booleans(),
)
def test_a_page_that_hears_what_is_otherwise_shows_what_a_new_one_would(
    alice: User, length: int, acts: list[tuple[int, int]], at_once: bool
) -> None:
    conversation = talk(alice, length)
    tab = Tab(conversation, newest_page(conversation))
    for act, place in acts:
        branch = said(conversation)
        if not branch:
            break
        ACTS[act](branch[place % len(branch)])
        conversation.refresh_from_db()
        if not at_once and tab.states:
            tab.catches_up()
            tab.is_right()
    if tab.states:
        tab.catches_up()
        tab.is_right()


def test_only_what_is_otherwise_is_told(alice: User) -> None:
    conversation = talk(alice, 6)
    tab = Tab(conversation, newest_page(conversation))
    branch = said(conversation)
    move_by(branch[1], 2)
    change = tab.catches_up()
    assert change.removed == [branch[1].pk]
    assert [(run.before, [each.pk for each in run.messages]) for run in change.inserted] == [
        (branch[4].pk, [branch[1].pk])
    ]
    assert not change.renewed
    assert not change.added


def test_what_is_being_edited_is_left_alone(alice: User) -> None:
    conversation = talk(alice, 2)
    tab = Tab(conversation, newest_page(conversation))
    first = said(conversation)[0]
    tab.states[first.pk] = LEFT_ALONE
    first.rewrite("other")
    assert tab.catches_up().renewed == []


def test_a_page_in_the_middle_of_a_long_branch_stays_there(alice: User) -> None:
    conversation = talk(alice, MESSAGES_ON_A_PAGE * 4)
    branch = said(conversation)
    tab = Tab(conversation, page_around(conversation.tip_id, branch[100].pk))
    move_by(branch[101], 3)
    add(branch[-1], Side.BELOW, Role.USER, "last")
    change = tab.catches_up()
    assert not change.whole
    assert change.removed == [branch[101].pk]
    assert change.added == []
    assert tab.tip == conversation.tip_id
    tab.is_right()


def test_what_makes_no_sense_is_nothing(alice: User) -> None:
    id = UUID(int=1)
    assert held_by("") is None
    for said in ("x", f"{id}", f"{id}:1:2", "^nothing", "$ $"):
        assert held_by(said) is None


def test_a_page_of_which_nothing_is_left_is_drawn_anew(alice: User) -> None:
    conversation = talk(alice, MESSAGES_ON_A_PAGE * 4)
    branch = said(conversation)
    for tab in (
        Tab(conversation, page_around(conversation.tip_id, branch[100].pk)),
        Tab(conversation, newest_page(conversation)),
    ):
        for id in tab.states:
            Message.objects.get(pk=id).delete_for_now()
        assert tab.catches_up().whole
        tab.is_right()

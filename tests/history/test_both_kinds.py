"""Comparisons among the chats: both kinds stand in one list."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat.comparisons.panes import compare, compare_chat
from chat.history import CONVERSATIONS_ON_A_PAGE, page_of
from chat.models import Comparison, Conversation, Generation, Message

from .listing import compared, talk, titles, walked

pytestmark = pytest.mark.django_db


def test_a_comparison_is_one_entry_and_its_panes_are_none(alice: Any) -> None:
    compared(alice, "Three", count=3)
    [(_, [entry])] = page_of(alice).groups
    assert (entry.title, entry.is_comparison) == ("Three", True)


def test_a_chat_that_is_a_pane_is_an_entry_of_its_own(alice: Any) -> None:
    chat = talk(alice, "Was there")
    compare_chat(chat)
    assert sorted((entry.title, entry.is_comparison) for _, group in page_of(alice).groups for entry in group) == [
        ("Was there", False), ("Was there", True),
    ]  # fmt: skip


def test_chats_and_comparisons_stand_in_one_order(alice: Any) -> None:
    now = timezone.now()
    for number, make in enumerate((talk, compared, compared, talk, compared)):
        make(alice, f"number {number}", active_at=now - timedelta(minutes=number))
    assert titles(page_of(alice)) == [f"number {number}" for number in range(5)]


def test_pinned_ones_of_both_kinds_stand_first(alice: Any) -> None:
    old = timezone.now() - timedelta(days=400)
    compared(alice, "pinned comparison", pinned=True, active_at=old)
    talk(alice, "pinned chat", pinned=True, active_at=old - timedelta(days=1))
    talk(alice, "new chat")
    page = page_of(alice)
    assert titles(page) == ["pinned comparison", "pinned chat", "new chat"]
    assert page.groups[0][0] == "Pinned"


def test_a_comparison_without_a_name_is_listed_once_something_was_said_in_it(alice: Any) -> None:
    """To one pane alone: the comparison is named by what is sent to all."""
    comparison = compare(alice, [Conversation(owner=alice), Conversation(owner=alice)])
    assert page_of(alice).empty
    pane = comparison.shown_panes()[0]
    pane.conversation.show(Message.objects.create(conversation=pane.conversation, role="user"))
    assert titles(page_of(alice)) == [""]
    pane.remove()
    assert page_of(alice).empty


def test_what_is_of_others_or_was_deleted_is_not_there(alice: Any, bob: Any) -> None:
    compared(bob, "Bob's")
    compared(alice, "deleted").delete_for_now()
    assert page_of(alice).empty


def test_one_in_which_an_answer_runs_is_marked(alice: Any) -> None:
    comparison = compared(alice, "running")
    compared(alice, "done")
    conversation = comparison.shown_panes()[1].conversation
    Generation.objects.create(owner=alice, conversation=conversation, model="m")
    marks = {entry.title: entry.running for _, group in page_of(alice).groups for entry in group}  # type: ignore[union-attr]
    assert marks == {"running": True, "done": False}


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_both_kinds_follow_each_other_without_gap_or_repeat(alice: Any, seed: int) -> None:
    """Many are of the same moment, also where a page ends."""
    chance, now = random.Random(seed), timezone.now()
    moments = [now - timedelta(minutes=chance.randrange(90)) for _ in range(chance.choice([3, 12, 40]))]
    rows: list[Conversation | Comparison] = []
    for number in range(chance.randrange(100, 190)):
        fields = {"title": f"number {number}", "active_at": chance.choice(moments)}
        if chance.random() < 0.5:
            rows.append(Comparison.objects.create(owner=alice, **fields))
        else:
            rows.append(talk(alice, **fields))
    rows.sort(key=lambda row: (row.active_at, row.pk), reverse=True)
    assert walked(alice) == [row.title for row in rows]
    found = [row.title for row in rows if "7" in row.title]
    assert walked(alice, "7") == found


def test_many_comparisons_cost_as_many_queries_as_none(alice: Any, django_assert_num_queries: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE):
        compared(alice, f"comparison {number}")
        talk(alice, f"talk {number}")
    with django_assert_num_queries(4):
        first = page_of(alice)
        assert len(titles(first)) == CONVERSATIONS_ON_A_PAGE
    with django_assert_num_queries(2):
        page_of(alice, first.after)

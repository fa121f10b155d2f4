"""The last answer of a pane where the end of its branch was deleted."""

from typing import Any

import pytest

from chat.comparisons.figures import last_answers
from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Message, Pane

from .answering import answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def panes(alice: Any) -> list[Pane]:
    return compare(alice, [Conversation(owner=alice) for _ in range(3)]).shown_panes()


def two_turns(pane: Pane) -> list[Message]:
    first = answer(pane, "first")
    second = answer(pane, "second")
    question = second.parent
    assert question
    assert first.parent
    question.parent = first
    question.save()
    return [first.parent, first, question, second]


def last(pane: Pane) -> Message | None:
    shown = Comparison.objects.get().shown_panes()
    return last_answers(shown)[pane.pk]


def test_after_a_question_and_its_answer_were_deleted_it_is_the_one_before(panes: list[Pane]) -> None:
    _, first, question, second = two_turns(panes[0])
    question.delete_for_now()
    assert last(panes[0]) == second
    second.delete_for_now()
    assert last(panes[0]) == first


def test_a_question_that_is_left_without_its_answer_has_none(panes: list[Pane]) -> None:
    *_, second = two_turns(panes[0])
    second.delete_for_now()
    assert last(panes[0]) is None


def test_where_all_was_deleted_there_is_none(panes: list[Pane]) -> None:
    for message in two_turns(panes[0]):
        message.delete_for_now()
    assert last(panes[0]) is None


def test_only_panes_whose_end_was_deleted_cost_more(
    panes: list[Pane], django_assert_num_queries: Any
) -> None:
    turns = [two_turns(pane) for pane in panes]
    for message in turns[1][2:]:
        message.delete_for_now()
    shown = Comparison.objects.get().shown_panes()
    with django_assert_num_queries(3):
        assert list(last_answers(shown).values()) == [turns[0][3], turns[1][1], turns[2][3]]

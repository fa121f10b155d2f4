"""The last answer of a pane: the end of what it shows, also where that was deleted."""

from typing import Any
from uuid import UUID

import pytest

from chat.comparisons.figures import heard, last_answers
from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Message, Pane
from chat.models.copying import copy_words

from .answering import answer, ask, say

pytestmark = pytest.mark.django_db


def last_of_all() -> dict[UUID, Message | None]:
    return last_answers(Comparison.objects.get().shown_panes())


def test_the_last_answer_is_the_end_of_what_is_shown(panes: list[Pane]) -> None:
    first, second, third = panes
    old = ask(first.conversation, "q", "a")
    new = ask(first.conversation, "q2", "a2")
    ask(second.conversation, "q", "a")
    say(second.conversation, "a question that nobody has answered")
    assert last_of_all() == {first.pk: new, second.pk: None, third.pk: None}
    first.conversation.show(old)
    assert last_of_all()[first.pk] == old


def test_an_answer_that_was_deleted_has_no_figures(panes: list[Pane]) -> None:
    gone = ask(panes[0].conversation, "q", "a")
    gone.delete_for_now()
    assert last_of_all()[panes[0].pk] is None


def test_a_copied_answer_has_the_figures_of_the_call_that_made_it(panes: list[Pane]) -> None:
    original = ask(panes[0].conversation, "q", "a")
    copy_words(original.pk, panes[1].conversation)
    copied = last_of_all()[panes[1].pk]
    assert copied
    assert copied.call == original.generation


def test_sixteen_panes_cost_as_many_queries_as_two(alice: Any, django_assert_num_queries: Any) -> None:
    for count in (2, 16):
        panes = compare(alice, [Conversation(owner=alice) for _ in range(count)]).shown_panes()
        for pane in panes:
            ask(pane.conversation, "q", "a")
        panes = panes[0].comparison.shown_panes()
        with django_assert_num_queries(1):
            answers = last_answers(panes)
            assert all(answer and answer.call for answer in answers.values())
        with django_assert_num_queries(2):
            assert all(each.only_its_own for each in heard(panes, answers).values())


# Where the end of its branch was deleted


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
    return last_of_all()[pane.pk]


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

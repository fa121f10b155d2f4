"""Blind rounds: one vote, once every answer is there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from chat.comparisons import blind
from chat.comparisons.blind import TooLate, cast_vote, reveal, why_no_vote
from chat.comparisons.panes import numbered
from chat.models import Comparison, Conversation, Generation, Vote
from chat.refusals import Refused

from .answering import answer, answered

pytestmark = pytest.mark.django_db


def test_a_vote_knows_who_stood_where_and_reveals(hidden: Comparison) -> None:
    panes = answered(hidden)
    vote = cast_vote(hidden, panes[1].pk, "code")
    assert vote.contestants == [{"model": pane.conversation.model, "provider": "Scripted"} for pane in panes]
    assert (vote.best, vote.tag, vote.owner, vote.comparison) == (1, "code", hidden.owner, hidden)
    hidden.refresh_from_db()
    assert not hidden.hides
    assert not Conversation.objects.filter(blind=True)


def test_a_tie_has_no_best(hidden: Comparison) -> None:
    answered(hidden)
    assert cast_vote(hidden, None, "").best is None


def test_nobody_can_vote_for_a_pane_of_another_round(hidden: Comparison, open_one: Comparison) -> None:
    answered(hidden)
    for id in (uuid4(), open_one.shown_panes()[0].pk):
        with pytest.raises(Refused, match="no pane here"):
            cast_vote(hidden, id, "")
    assert not Vote.objects.exists()
    assert Comparison.objects.get(pk=hidden.pk).hides


def test_a_second_vote_comes_too_late(hidden: Comparison) -> None:
    panes = answered(hidden)
    cast_vote(hidden, panes[0].pk, "")
    stale = Comparison.objects.get(pk=hidden.pk)
    with pytest.raises(TooLate):
        cast_vote(stale, panes[1].pk, "")
    with pytest.raises(TooLate):
        reveal(stale)
    assert Vote.objects.get().best == 0


def test_a_comparison_that_hides_nothing_has_no_vote(open_one: Comparison) -> None:
    panes = answered(open_one)
    with pytest.raises(Refused, match="hides nothing"):
        cast_vote(open_one, panes[0].pk, "")


@pytest.mark.django_db(transaction=True)
def test_of_many_that_vote_at_once_one_wins(hidden: Comparison) -> None:
    panes = answered(hidden)

    def vote(number: int) -> bool:
        try:
            cast_vote(Comparison.objects.get(pk=hidden.pk), panes[number % 3].pk, f"tag {number}")
        except TooLate:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as tabs:
        won = list(tabs.map(vote, range(8)))
    assert won.count(True) == 1
    number = won.index(True)
    assert Vote.objects.values_list("best", "tag").get() == (number % 3, f"tag {number}")


def test_before_anything_was_asked_there_is_nothing_to_vote_on(hidden: Comparison) -> None:
    assert why_no_vote(numbered(hidden)) == "Ask something first, then say which answer is better."


def test_a_vote_waits_for_every_answer(hidden: Comparison) -> None:
    panes = answered(hidden)
    running = answer(panes[2], status="running")
    assert why_no_vote(panes) == "The vote waits for the end of all answers."
    # Also where another alternative is shown meanwhile.
    panes[2].conversation.show(None)
    assert why_no_vote(panes) == "The vote waits for the end of all answers."
    Generation.objects.filter(pk=running.generation_id).update(status="finished")
    panes[2].conversation.show(running)
    assert why_no_vote(panes) == ""


@pytest.mark.parametrize(
    ("text", "status", "counts"),
    [
        ("", "finished", True),
        ("", "failed", False),
        ("", "stopped", False),
        (" \n", "interrupted", False),
        ("Some words", "stopped", True),
        ("Some words", "interrupted", True),
    ],
)
def test_an_answer_is_what_the_model_gave(hidden: Comparison, text: str, status: str, counts: bool) -> None:
    panes = answered(hidden)
    answer(panes[1], text, status)
    assert why_no_vote(panes) == ("" if counts else "There is no answer B. Run it again, or reveal.")
    if not counts:
        with pytest.raises(Refused, match="no answer B"):
            cast_vote(hidden, None, "")
        assert Comparison.objects.get(pk=hidden.pk).hides


def test_tags_that_were_used_are_offered_once_each(hidden: Comparison, alice: Any, bob: Any) -> None:
    for owner, tag in ((alice, "b"), (alice, "a"), (alice, "b"), (alice, ""), (bob, "c")):
        Vote.objects.create(owner=owner, tag=tag)
    assert blind.tags_of(alice) == ["a", "b"]

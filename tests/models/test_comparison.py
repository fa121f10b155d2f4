"""A comparison and its panes: what it shows, how it is deleted, and what stays when it is."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Generation, Message, Pane, Status

from .paging import three_at_each_moment, walked_by_twos

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(alice: Any) -> Conversation:
    """One that was there before any comparison."""
    return Conversation.objects.create(owner=alice, title="A talk")


@pytest.fixture
def comparison(alice: Any, chat: Conversation) -> Comparison:
    return compare(alice, [chat, Conversation(owner=alice), Conversation(owner=alice)], "Three")


def panes_of(comparison: Comparison) -> list[Pane]:
    return Comparison.objects.get(pk=comparison.pk).shown_panes()


def places(comparison: Comparison) -> list[Conversation]:
    return [pane.conversation for pane in panes_of(comparison)]


def run_in(conversation: Conversation) -> Generation:
    return Generation.objects.create(owner=conversation.owner, conversation=conversation, model="m")


def stopped() -> list[Generation]:
    return list(Generation.objects.filter(stop_requested=True))


def test_only_the_owner_has_it(comparison: Comparison, alice: Any, bob: Any) -> None:
    assert list(Comparison.objects.of(alice)) == [comparison]
    assert not Comparison.objects.of(bob)


def test_panes_stand_by_their_position_and_then_by_age(comparison: Comparison) -> None:
    first, second, third = panes_of(comparison)
    Pane.objects.filter(pk=first.pk).update(position=7)
    Pane.objects.filter(pk=third.pk).update(position=1)
    assert panes_of(comparison) == [second, third, first]


def test_a_conversation_is_a_pane_of_a_comparison_once(comparison: Comparison, chat: Conversation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pane.objects.create(comparison=comparison, conversation=chat)


def test_a_removed_pane_is_gone_and_comes_back_to_its_place(comparison: Comparison) -> None:
    first, second, third = panes_of(comparison)
    answer = run_in(second.conversation)
    second.remove()
    assert panes_of(comparison) == [first, third]
    assert Conversation.objects.get(pk=second.conversation_id).deleted_at is not None
    assert stopped() == [answer]
    Pane.objects.get(pk=second.pk).restore()
    assert panes_of(comparison) == [first, second, third]
    assert Conversation.objects.get(pk=second.conversation_id).deleted_at is None


def test_a_chat_that_is_removed_stays_a_chat_and_goes_on(comparison: Comparison, chat: Conversation) -> None:
    run_in(chat)
    panes_of(comparison)[0].remove()
    chat.refresh_from_db()
    assert (chat.listed, chat.deleted_at) == (True, None)
    assert not stopped()


def test_what_is_deleted_takes_its_own_conversations_along_and_brings_them_back(
    comparison: Comparison, chat: Conversation, alice: Any
) -> None:
    own = [pane.conversation for pane in panes_of(comparison)][1:]
    answers = [run_in(conversation) for conversation in own]
    run_in(chat)
    comparison.delete_for_now()
    assert not Comparison.objects.of(alice)
    assert list(Conversation.objects.of(alice)) == [chat]
    assert set(stopped()) == set(answers)
    Comparison.objects.get().restore()
    assert list(Comparison.objects.of(alice)) == [comparison]
    assert set(Conversation.objects.of(alice)) == {chat, *own}
    assert len(panes_of(comparison)) == 3


def test_a_pane_that_was_removed_before_stays_removed(comparison: Comparison, alice: Any) -> None:
    first, second, third = panes_of(comparison)
    third.remove()
    comparison.delete_for_now()
    Comparison.objects.get().restore()
    assert panes_of(comparison) == [first, second]
    assert Conversation.objects.get(pk=third.conversation_id).deleted_at is not None


def test_a_chat_that_was_deleted_in_the_history_is_gone_here_until_it_is_back(
    comparison: Comparison, chat: Conversation
) -> None:
    before = places(comparison)
    chat.delete_for_now()
    assert places(comparison) == before[1:]
    comparison.delete_for_now()
    Comparison.objects.get().restore()
    assert places(comparison) == before[1:], "a chat that was deleted by itself"
    chat.restore()
    assert places(comparison) == before


def test_what_another_comparison_shows_stays_there(comparison: Comparison, alice: Any) -> None:
    """A pane was opened as a chat, and that chat was compared."""
    shared = panes_of(comparison)[1].conversation
    other = compare(alice, [shared, Conversation(owner=alice)])
    other.delete_for_now()
    assert shared in places(comparison)
    Comparison.objects.get(pk=other.pk).restore()
    panes_of(comparison)[1].remove()
    assert places(other)[0] == shared
    Comparison.objects.get(pk=other.pk).delete_for_now()
    assert Conversation.objects.get(pk=shared.pk).deleted_at is not None
    Comparison.objects.get(pk=other.pk).restore()
    assert places(other)[0] == shared


def test_it_says_whether_an_answer_runs_in_what_it_shows(comparison: Comparison) -> None:
    _, second, third = panes_of(comparison)
    third.remove()
    run_in(third.conversation)
    assert not Comparison.objects.with_running().get().running
    generation = run_in(second.conversation)
    assert Comparison.objects.with_running().get().running
    Generation.objects.filter(pk=generation.pk).end(Status.FINISHED)
    assert not Comparison.objects.with_running().get().running


def test_who_works_on_it_makes_it_the_newest_and_who_moves_panes_a_version_newer(
    comparison: Comparison,
) -> None:
    before = Comparison.objects.get()
    stale = Comparison.objects.get()
    comparison.touch()
    after = Comparison.objects.get()
    assert after.active_at > before.active_at
    assert after.version == before.version
    comparison.rearrange()
    stale.rearrange()
    assert Comparison.objects.get().version == before.version + 2


def test_to_ask_in_one_pane_is_to_work_on_the_comparison(comparison: Comparison, chat: Conversation) -> None:
    first, second, third = panes_of(comparison)
    before = Comparison.objects.get().active_at
    second.conversation.save_asked()
    assert (asked := Comparison.objects.get().active_at) > before
    first.conversation.save_asked()
    third.remove()
    third.conversation.save_asked()
    assert Comparison.objects.get().active_at == asked, "a chat stands in the history itself"


def test_pages_follow_each_other_without_gap_or_repeat(alice: Any) -> None:
    three_at_each_moment(Comparison, alice)
    everything = list(Comparison.objects.newest_first())
    assert len(everything) == 9
    assert walked_by_twos(Comparison) == everything


@pytest.mark.parametrize(
    ("blind", "revealed", "hides"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_it_hides_what_is_what_until_it_is_revealed(
    comparison: Comparison, blind: bool, revealed: bool, hides: bool
) -> None:
    comparison.blind = blind
    comparison.revealed_at = timezone.now() if revealed else None
    assert comparison.hides == hides


def test_what_goes_for_good_takes_its_panes_and_not_its_chats(
    comparison: Comparison, chat: Conversation
) -> None:
    chat.show(Message.objects.create(conversation=chat, role="user"))
    comparison.delete()
    assert not Pane.objects.exists()
    assert chat in Conversation.objects.all()

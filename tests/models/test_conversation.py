"""A conversation: whose it is, what it shows, how it is deleted."""

from typing import Any

import pytest

from chat.models import Conversation, Generation, Message, Status

from .paging import three_at_each_moment, walked_by_twos

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(alice: Any) -> Conversation:
    return Conversation.objects.create(owner=alice, title="A talk")


def test_only_the_owner_has_it(talk: Conversation, alice: Any, bob: Any) -> None:
    assert list(Conversation.objects.of(alice)) == [talk]
    assert not Conversation.objects.of(bob)


def test_a_deleted_one_is_gone_until_it_is_restored(talk: Conversation, alice: Any) -> None:
    talk.delete_for_now()
    assert not Conversation.objects.of(alice)
    talk.restore()
    assert list(Conversation.objects.of(alice)) == [talk]


def test_every_change_of_what_it_shows_makes_it_a_version_newer(talk: Conversation) -> None:
    message = Message.objects.create(conversation=talk, role="user")
    stale = Conversation.objects.get()
    talk.show(message)
    stale.show(None)
    talk.refresh_from_db()
    assert (talk.version, talk.tip) == (2, None)


def test_it_is_stored_once_it_was_saved(talk: Conversation, alice: Any) -> None:
    assert talk.stored
    assert not Conversation(owner=alice).stored


def test_pages_follow_each_other_without_gap_or_repeat(alice: Any) -> None:
    three_at_each_moment(Conversation, alice)
    everything = list(Conversation.objects.newest_first())
    assert len(everything) == 9
    assert walked_by_twos(Conversation) == everything


def test_it_says_whether_an_answer_runs(talk: Conversation, alice: Any) -> None:
    generation = Generation.objects.create(owner=alice, conversation=talk, model="m")
    assert Conversation.objects.with_running().get().running
    Generation.objects.filter(pk=generation.pk).end(Status.FINISHED)
    assert not Conversation.objects.with_running().get().running

"""A command carries an id: sent three times, it happens once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from chat.commands import Effects, once
from chat.models import Command, CommandConflict, Conversation


def make(user: Any) -> Any:
    """What the command does: one more conversation."""
    return lambda: (Conversation.objects.create(owner=user, title="made"), [])


def do(user: Any, id: UUID, content: str = "new") -> Conversation:
    return once(user, id, content, Effects(), make(user))


@pytest.mark.django_db
def test_the_same_id_again_does_nothing_and_gives_the_same(alice: Any) -> None:
    id = uuid4()
    made = [do(alice, id) for _ in range(3)]
    assert len({conversation.pk for conversation in made}) == 1
    assert Conversation.objects.count() == 1


@pytest.mark.django_db
def test_the_same_id_for_something_else_is_refused(alice: Any) -> None:
    id = uuid4()
    do(alice, id, "one")
    with pytest.raises(CommandConflict, match="Send it again"):
        do(alice, id, "other")
    assert Conversation.objects.count() == 1


@pytest.mark.django_db
def test_nobody_can_reach_a_command_of_somebody_else(alice: Any, bob: Any) -> None:
    id = uuid4()
    do(alice, id)
    with pytest.raises(CommandConflict):
        do(bob, id)


@pytest.mark.django_db
def test_a_command_that_fails_leaves_nothing_and_may_be_tried_again(alice: Any) -> None:
    def fail() -> Any:
        Conversation.objects.create(owner=alice)
        raise ValueError("no")

    id = uuid4()
    with pytest.raises(ValueError, match="no"):
        once(alice, id, "new", Effects(), fail)
    assert (Conversation.objects.count(), Command.objects.count()) == (0, 0)
    assert do(alice, id).title == "made"


@pytest.mark.django_db
def test_what_it_breaks_in_the_database_is_not_taken_for_a_command_seen(alice: Any) -> None:
    def fail() -> Any:
        raise IntegrityError("something else")

    with pytest.raises(IntegrityError):
        once(alice, uuid4(), "new", Effects(), fail)


@pytest.mark.django_db
def test_the_effects_of_a_command_come_once_too(alice: Any) -> None:
    id, first, again = uuid4(), Effects(), Effects()
    conversation = once(alice, id, "new", first, make(alice))
    once(alice, id, "new", again, make(alice))
    assert first.changed == [conversation.pk]
    assert again.changed == []


@pytest.mark.django_db
def test_remembering_twice_is_refused_by_the_database(alice: Any) -> None:
    id, conversation = uuid4(), Conversation.objects.create(owner=alice)
    Command.remember(alice, id, "new", conversation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Command.remember(alice, id, "new", conversation)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(alice: Any) -> None:
    for _ in range(10):
        id, start = uuid4(), Barrier(4)

        def together(_: int, id: UUID = id, start: Barrier = start) -> UUID:
            start.wait()
            try:
                return do(alice, id).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(together, range(4)))) == 1
    assert Conversation.objects.count() == 10

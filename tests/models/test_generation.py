"""A generation ends once, whoever tries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from chat.models import Conversation, Generation, Status


@pytest.fixture
def make(alice: Any) -> Callable[..., Generation]:
    conversation = Conversation.objects.create(owner=alice)

    def generation(**fields: Any) -> Generation:
        return Generation.objects.create(owner=alice, conversation=conversation, model="m", **fields)

    return generation


ENDS = [Status.FINISHED, Status.STOPPED, Status.FAILED, Status.INTERRUPTED]


@pytest.mark.django_db
@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("second", ENDS)
def test_the_first_end_stands(make: Callable[..., Generation], first: Status, second: Status) -> None:
    generation = make()
    mine = Generation.objects.filter(pk=generation.pk)
    assert mine.end(first, answered_model="first")
    assert not mine.end(second, answered_model="second")
    generation.refresh_from_db()
    assert (generation.status, generation.answered_model) == (first, "first")


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_that_end_it_exactly_one_wins(make: Callable[..., Generation]) -> None:
    for _ in range(10):
        generation, start = make(), Barrier(8)

        def end(number: int, id: Any = generation.pk, start: Barrier = start) -> Status | None:
            start.wait()
            status = ENDS[number % len(ENDS)]
            try:
                return status if Generation.objects.filter(pk=id).end(status) else None
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as threads:
            winners = [status for status in threads.map(end, range(8)) if status]
        generation.refresh_from_db()
        assert winners == [generation.status]


@pytest.mark.django_db
def test_only_a_running_row_whose_lease_is_over_is_abandoned(make: Callable[..., Generation]) -> None:
    past, future = Now() - timedelta(seconds=1), Now() + timedelta(seconds=60)
    dead = make(lease_until=past)
    make(lease_until=future)
    make(lease_until=past, status=Status.FINISHED)
    make()
    assert list(Generation.objects.all().abandoned()) == [dead]


@pytest.mark.django_db
def test_a_renewed_lease_is_no_longer_over(make: Callable[..., Generation]) -> None:
    make(lease_until=Now() - timedelta(seconds=1))
    assert Generation.objects.all().renew() == 1
    assert not Generation.objects.all().abandoned()


@pytest.mark.django_db
def test_an_ended_generation_has_no_lease_to_renew(make: Callable[..., Generation]) -> None:
    make(status=Status.STOPPED)
    assert Generation.objects.all().renew() == 0

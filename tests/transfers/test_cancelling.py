"""An import that somebody stops, or the server, when it ends."""

import threading
from itertools import count
from typing import Any

import pytest

from chat import access
from chat.models import Message, Transfer
from chat.transfers.jobs import Jobs
from chat.transfers.leaving import CRASHED
from chat.transfers.reading import Over, Reading

from .importing import many, nothing_is_left, uploaded

pytestmark = pytest.mark.django_db


def stopped_at(owner: Any, batch: int, content: bytes) -> Transfer:
    """Somebody asks to stop while this batch is written, and the reading is over."""
    transfer = uploaded(owner, content)
    reading = Reading(transfer, threading.Event(), pause=lambda seconds: None)
    beat, batches = reading._beat, count(1)

    def asked() -> None:
        if next(batches) == batch:
            Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
        beat()

    reading._storing._beat = asked
    with pytest.raises(Over):
        reading.run()
    return transfer


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_who_cancels_is_heard_at_the_next_batch(alice: Any, batch: int) -> None:
    transfer = stopped_at(alice, batch, many(400))
    # The batch in which it was asked took that back.
    Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
    Jobs().carry_out(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.status == "cancelled"
    assert not access.conversations(alice).exists()
    assert nothing_is_left(transfer)


def test_cancelling_at_the_last_moment_shows_all_or_nothing(alice: Any) -> None:
    """The last transaction asks, too."""
    stopped_at(alice, 2, many(3))
    assert Message.objects.count() == 12
    assert not access.conversations(alice).exists()


def test_a_server_that_stops_ends_its_jobs(alice: Any) -> None:
    jobs = Jobs()
    transfer = uploaded(alice, many(300))
    jobs._closing.set()
    jobs.carry_out(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.error) == ("failed", CRASHED)
    assert nothing_is_left(transfer)

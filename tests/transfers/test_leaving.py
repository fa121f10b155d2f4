"""What an import left: one whose process died, an upload that nobody goes on with, and one that is undone."""

import os
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import access, housekeeping
from chat.imports.storing import Storing
from chat.models import Conversation, Message, Transfer
from chat.transfers import leaving, uploads
from chat.transfers.leaving import CRASHED, UPLOAD_LEFT
from chat.transfers.reading import Over, Reading
from tests.imports.test_storing import chain, forked

from .importing import imported, many, nothing_is_left, uploaded

pytestmark = pytest.mark.django_db


def half_done(owner: Any) -> Transfer:
    """Its rows are there, and its process is not."""
    transfer = uploaded(owner, many(1))
    storing = Storing(transfer)
    for talk in (chain(600), forked()):
        storing.add(talk)
    storing._flush()
    assert Message.objects.count() == 603
    return transfer


def test_what_a_dead_process_left_is_taken_away(alice: Any) -> None:
    transfer = half_done(alice)
    leaving.recover({transfer.pk}, all_running=True)
    leaving.recover(set())
    assert Message.objects.count() == 603
    Transfer.objects.filter(pk=transfer.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    leaving.recover(set())
    transfer.refresh_from_db()
    assert (transfer.status, transfer.error) == ("failed", CRASHED)
    assert nothing_is_left(transfer)


def test_a_process_that_is_alone_ends_all_at_its_start(alice: Any) -> None:
    transfer = half_done(alice)
    leaving.recover(set(), all_running=True)
    assert nothing_is_left(transfer)


def test_a_job_that_was_thought_dead_goes_no_further(alice: Any) -> None:
    transfer = uploaded(alice, many(400))
    reading = Reading(transfer, threading.Event())
    Transfer.objects.filter(pk=transfer.pk).update(status="failed")
    with pytest.raises(Over):
        reading.run()
    assert not Message.objects.exists()


def test_an_upload_that_nobody_goes_on_with_ends(alice: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 10)
    leaving.recover(set())
    assert uploads.file_of(transfer.pk).exists()
    Transfer.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    leaving.recover(set())
    transfer.refresh_from_db()
    assert (transfer.status, transfer.error) == ("failed", UPLOAD_LEFT)
    assert not uploads.file_of(transfer.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_housekeeping_leaves_what_is_still_arriving(alice: Any) -> None:
    transfer = half_done(alice)
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(hours=5))
    housekeeping.clear_away()
    assert Message.objects.count() == 603
    Transfer.objects.filter(pk=transfer.pk).update(status="failed")
    housekeeping.clear_away()
    assert not Message.objects.exists()


def test_files_of_no_import_are_taken_away_in_time(alice: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 10)
    stray, fresh = uploads.folder() / "stray", uploads.folder() / "fresh"
    for path in (stray, fresh):
        path.write_text("x")
    long_ago = time.time() - 2 * leaving.SECONDS_OF_STRAY_FILES
    for path in (stray, uploads.file_of(transfer.pk)):
        os.utime(path, (long_ago, long_ago))
    leaving.clear_files()
    assert {path.name for path in uploads.folder().iterdir()} == {"fresh", str(transfer.pk)}


@pytest.mark.django_db(transaction=True)
def test_undo_deletes_what_it_brought_and_nothing_else(alice: Any, conversation: Conversation) -> None:
    transfer = imported(alice, many(3))
    assert access.conversations(alice).count() == 4
    assert leaving.undo(transfer) == 3
    assert list(access.conversations(alice)) == [conversation]
    Conversation.objects.exclude(pk=conversation.pk).update(deleted_at=timezone.now() - timedelta(hours=5))
    housekeeping.clear_away()
    assert list(Conversation.objects.all()) == [conversation]


@pytest.mark.django_db(transaction=True)
def test_undo_writes_comparisons_before_what_stands_in_them(alice: Any) -> None:
    """As who works in one locks them: two that began at different ends would wait for one another."""
    transfer = imported(alice, many(1))
    with CaptureQueriesContext(connection) as asked:
        leaving.undo(transfer)
    written = [each["sql"].split('"')[1] for each in asked if each["sql"].startswith("UPDATE")]
    assert written[-3:-1] == ["chat_comparison", "chat_conversation"]

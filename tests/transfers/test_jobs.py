"""An import from its upload to its end: done, refused, cancelled, and left by a server that died."""

import errno
import json
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import access, housekeeping
from chat.imports.storing import Storing
from chat.models import Comparison, Conversation, Folder, Message, Transfer
from chat.refusals import Refused
from chat.transfers import leaving, uploads
from chat.transfers.jobs import BROKEN, Jobs
from chat.transfers.leaving import CRASHED, UPLOAD_LEFT
from chat.transfers.reading import Over, Reading
from tests.imports.test_chatgpt import branched
from tests.imports.test_storing import chain, forked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def uploaded(owner: Any, content: bytes, name: str = "conversations.json") -> Transfer:
    transfer = uploads.begin(owner, uuid4(), name, len(content))
    assert uploads.take(transfer, 0, content)
    transfer.refresh_from_db()
    return transfer


def imported(owner: Any, content: bytes) -> Transfer:
    transfer = uploaded(owner, content)
    Jobs().carry_out(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def dumped(*values: Any) -> bytes:
    return json.dumps(values).encode()


def many(count: int, length: int = 4) -> bytes:
    turns = [{"from": "human", "value": f"Message {n}"} for n in range(length)]
    return dumped(*({"id": str(n), "conversations": turns} for n in range(count)))


def nothing_is_left(transfer: Transfer) -> bool:
    rows = [*Conversation.objects.filter(transfer=transfer), *Comparison.objects.filter(transfer=transfer)]
    return not rows and not Message.objects.exists() and not uploads.file_of(transfer.pk).exists()


def test_a_file_becomes_conversations(alice: Any) -> None:
    transfer = imported(alice, dumped(branched(), {"strange": 1}))
    assert (transfer.status, transfer.format, transfer.error) == ("finished", "chatgpt", "")
    assert transfer.counts == {"conversations": 1, "messages": 5}
    assert transfer.report == [
        {"what": "Something in the file is no conversation and was left out.", "times": 1}
    ]
    assert access.conversations(alice).get().title == "Weather"
    assert transfer.ended_at
    assert not list(uploads.folder().iterdir())


@pytest.mark.parametrize("content", [b"hello", b"[]", b"PK\x03\x04", many(300)[:-5]])
def test_what_cannot_be_read_leaves_nothing_and_says_why(alice: Any, content: bytes) -> None:
    transfer = imported(alice, content)
    assert transfer.status == "failed"
    assert transfer.error
    assert nothing_is_left(transfer)


def test_a_fault_of_ours_leaves_nothing(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Storing, "publish", lambda self: 1 / 0)
    transfer = imported(alice, many(300))
    assert (transfer.status, transfer.error) == ("failed", BROKEN)
    assert nothing_is_left(transfer)


def test_a_disk_that_fills_up_is_told(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Storing, "publish", full)
    assert imported(alice, many(1)).error == uploads.FULL
    monkeypatch.undo()

    def no_space(*given: Any, **more: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", no_space)
    with pytest.raises(Refused, match="disk") as refused:
        uploads.begin(alice, uuid4(), "a.json", 10)
    assert refused.value.status == 507


def test_folders_made_by_an_import_that_fails_are_not_there(alice: Any) -> None:
    content = json.dumps(
        {"format": "playground", "version": 1, "conversations": [{"folder": "New", "messages": []}]}
    )
    transfer = imported(alice, content.encode()[:-1])
    assert transfer.status == "failed"
    assert not Folder.objects.exists()


# Cancelled


def cancelled_at(owner: Any, step: Callable[[Transfer, int], bool]) -> Transfer:
    """Somebody asks to stop as soon as `step` says so."""
    transfer = uploaded(owner, many(400))
    count = 0

    def pause(seconds: float) -> None:
        return None

    reading = Reading(transfer, threading.Event(), pause)
    beat = reading._beat

    def asked() -> None:
        nonlocal count
        count += 1
        if step(transfer, count):
            Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
        beat()

    reading._storing._beat = asked
    with pytest.raises(Over):
        reading.run()
    return transfer


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_who_cancels_is_heard_at_the_next_batch(alice: Any, batch: int) -> None:
    transfer = cancelled_at(alice, lambda transfer, count: count == batch)
    Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
    Jobs().carry_out(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.status == "cancelled"
    assert not access.conversations(alice).exists()
    assert nothing_is_left(transfer)


def test_cancelling_at_the_last_moment_shows_all_or_nothing(alice: Any) -> None:
    """The last transaction asks, too."""
    batches = []
    transfer = uploaded(alice, many(3))
    reading = Reading(transfer, threading.Event())
    beat = reading._beat

    def asked() -> None:
        batches.append(1)
        if len(batches) == 2:
            Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
        beat()

    reading._storing._beat = asked
    with pytest.raises(Over):
        reading.run()
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


# What a dead process left


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


# Undone


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


# The file on its way here


def test_pieces_in_any_order_make_the_file_that_was_sent(alice: Any) -> None:
    content = many(5)
    transfer = uploads.begin(alice, uuid4(), "a.json", len(content))

    def take(at: int, to: int) -> bool:
        transfer.refresh_from_db()
        return uploads.take(transfer, at, content[at:to])

    assert not take(0, 40)
    for at in (0, 80):
        with pytest.raises(uploads.OutOfStep) as behind:
            take(at, at + 40)
        assert behind.value.have == 40
    assert not take(40, 100)
    assert take(100, len(content))
    assert uploads.file_of(transfer.pk).read_bytes() == content


def test_a_piece_that_is_written_late_once_more_takes_nothing_away(alice: Any) -> None:
    content = many(2)
    transfer = uploads.begin(alice, uuid4(), "a.json", len(content))
    # Sent again before the first one was answered: both have read that nothing is there yet.
    late = Transfer.objects.get(pk=transfer.pk)
    for at in (0, 40):
        uploads.take(Transfer.objects.get(pk=transfer.pk), at, content[at : at + 40])
    with pytest.raises(uploads.OutOfStep):
        uploads.take(late, 0, content[:40])
    assert uploads.file_of(transfer.pk).read_bytes() == content[:80]


def test_more_than_was_said_is_refused(alice: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 10)
    with pytest.raises(Refused, match="More has come"):
        uploads.take(transfer, 0, b"x" * 11)


@pytest.mark.parametrize(("size", "words"), [(uploads.MOST_BYTES + 1, "500 MB"), (0, "empty")])
def test_a_size_that_cannot_be_is_refused_before_anything_comes(alice: Any, size: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        uploads.begin(alice, uuid4(), "a.json", size)
    assert not Transfer.objects.exists()


def test_one_import_at_a_time_for_each(alice: Any, bob: Any) -> None:
    uploaded(alice, many(1))
    with pytest.raises(Refused, match="is running"):
        uploads.begin(alice, uuid4(), "b.json", 10)
    assert uploads.begin(bob, uuid4(), "b.json", 10)


def test_another_upload_gives_the_first_one_up(alice: Any) -> None:
    first = uploads.begin(alice, uuid4(), "a.json", 10)
    second = uploads.begin(alice, uuid4(), "b.json", 10)
    assert list(Transfer.objects.all()) == [second]
    assert not uploads.file_of(first.pk).exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.json", "a.json"),
        ("a\x00b\n.json", "a\ufffdb\ufffd.json"),
        ("/", "A file"),
        ("x" * 4000 + ".json", "x" * 195 + ".json"),
        ("..", ".."),
    ],
)
def test_a_name_is_only_shown(alice: Any, name: str, shown: str) -> None:
    """Safety V64."""
    transfer = uploads.begin(alice, uuid4(), name, 10)
    assert transfer.name == shown
    assert [path.name for path in uploads.folder().iterdir()] == [str(transfer.pk)]


def test_a_link_in_the_place_of_the_file_is_not_followed(alice: Any, tmp_path: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 4)
    outside = tmp_path / "outside"
    outside.write_text("kept")
    uploads.discard(transfer.pk)
    uploads.file_of(transfer.pk).symlink_to(outside)
    with pytest.raises(Refused):
        uploads.take(transfer, 0, b"evil")
    assert outside.read_text() == "kept"

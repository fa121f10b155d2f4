"""An import from its upload to its end: done or refused."""

import errno
import json
import os
from typing import Any
from uuid import uuid4

import pytest

from chat import access
from chat.imports.storing import Storing
from chat.models import Folder
from chat.refusals import Refused
from chat.transfers import uploads
from chat.transfers.jobs import BROKEN
from tests.imports.test_chatgpt import branched

from .importing import dumped, imported, many, nothing_is_left

pytestmark = pytest.mark.django_db


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

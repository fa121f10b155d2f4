"""A file on its way here. It comes in pieces, so that no server in between, and not this one, holds all of it.

It stands in the data folder under the id of its transfer, which is made here. What its owner calls it is only shown.
"""

import errno
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from chat.models.transfer import Transfer
from chat.refusals import Refused

MOST_BYTES = 500 * 1024 * 1024
# A piece may come late: a slow line, a laptop that sleeps.
MOST_OF_PIECE = 8 * 1024 * 1024
TOO_LARGE = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB, which is the most that can be imported at once."
ALREADY = "An import of yours is running. Wait until it is done, or cancel it."
FULL = "The disk of the server is full. Nothing was imported."


class OutOfStep(Refused):
    """The file here is of another length than whoever sends it thinks."""

    def __init__(self, have: int) -> None:
        super().__init__(f"The next piece begins at byte {have}.", status=409)
        self.have = have


def folder() -> Path:
    place = Path(settings.DATA) / "imports"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def file_of(id: UUID) -> Path:
    return folder() / str(id)


def begin(owner: User, command: UUID, name: str, size: int) -> Transfer:
    """An upload that nothing has come of yet. The same command again finds it. Raises Refused."""
    mine = Transfer.objects.of(owner).filter(kind=Transfer.Kind.IMPORT)
    if seen := mine.filter(options__command=str(command)).first():
        return seen
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE, status=413)
    if size <= 0:
        raise Refused("The file is empty.")
    if mine.filter(status=Transfer.Status.RUNNING).exists():
        raise Refused(ALREADY, status=409)
    # Who begins another one has given the first one up.
    for left in mine.filter(status=Transfer.Status.UPLOADING):
        discard(left.pk)
        left.delete()
    transfer = Transfer.objects.create(
        owner=owner,
        kind=Transfer.Kind.IMPORT,
        status=Transfer.Status.UPLOADING,
        name=shown_name(name),
        total=size,
        options={"command": str(command)},
        lease_until=Now() + Transfer.UPLOAD_LEASE,
    )
    write(transfer.pk, 0, b"")
    return transfer


def shown_name(name: str) -> str:
    """The last part of what a browser calls it, on one line."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in last)[-200:] or "A file"


def take(transfer: Transfer, at: int, piece: bytes) -> bool:
    """The next piece; whether it was the last one. The same piece again does nothing. Raises Refused."""
    here = Transfer.objects.filter(pk=transfer.pk, status=Transfer.Status.UPLOADING)
    if at + len(piece) > transfer.total:
        raise Refused("More has come than the file was said to hold.", status=413)
    if at != transfer.done:
        raise OutOfStep(transfer.done)
    write(transfer.pk, at, piece)
    done = at + len(piece)
    if done < transfer.total:
        if not here.filter(done=at).update(done=done, lease_until=Now() + Transfer.UPLOAD_LEASE):
            there = Transfer.objects.filter(pk=transfer.pk).values_list("done", flat=True).first()
            if there is None:
                raise Refused("This upload was removed in another tab.", status=409)
            raise OutOfStep(there)
        return False
    try:
        with transaction.atomic():
            return bool(
                here.filter(done=at).update(
                    status=Transfer.Status.RUNNING, done=0, lease_until=Now() + Transfer.LEASE
                )
            )
    except IntegrityError:
        raise Refused(ALREADY, status=409) from None


def write(id: UUID, at: int, piece: bytes) -> None:
    """What came behind this place stays: the same piece, sent twice at once, may be written late. Raises Refused."""
    try:
        handle = os.open(file_of(id), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with open(handle, "r+b", closefd=True) as file:
            file.seek(at)
            file.write(piece)
    except OSError as error:
        raise Refused(
            FULL if is_full(error) else "The server could not store the file.", status=507
        ) from None


def is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def discard(id: UUID) -> None:
    file_of(id).unlink(missing_ok=True)

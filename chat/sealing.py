"""Keys at rest. What is sealed opens only for the row and the address that it was sealed for.

The ring is a file of Fernet keys, one a line: the first seals, all of them open. To rotate, put a new key on top.
"""

import json
import os
import tempfile
from functools import cache, lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotUnseal(Exception):
    """The sealed text belongs elsewhere, or its key is no longer in the ring."""


@cache
def open_ring(path: Path) -> MultiFernet:
    """The key ring in this file, made on first use with mode 0600."""
    if not path.exists():
        make_ring(path)
    return MultiFernet([Fernet(line) for line in path.read_bytes().split()])


def make_ring(path: Path) -> None:
    """Whole or not at all: of two processes that start at once, one makes it and both read that one."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # its mode is 0600
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            pass


def seal(ring: MultiFernet, secret: str, belongs_to: str) -> str:
    return ring.encrypt(json.dumps([belongs_to, secret]).encode()).decode()


@lru_cache(256)
def unseal(ring: MultiFernet, sealed: str, belongs_to: str) -> str:
    """The secret. Raises CannotUnseal when it was sealed for something else."""
    try:
        owner, secret = json.loads(ring.decrypt(sealed.encode()))
    except InvalidToken:
        raise CannotUnseal("The key ring does not open this key: enter it again.") from None
    if owner != belongs_to:
        raise CannotUnseal("This key was entered for another address: enter it again.")
    return str(secret)

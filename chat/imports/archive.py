"""The conversations in a ZIP file. Nothing of it is unpacked to disk, and no name in it is a path. PURE."""

import re
import stat
import zipfile
from typing import IO, Any

from .refusing import CannotRead

MOST_BYTES = 4 * 1024**3
# JSON of conversations comes to a tenth; what a bomb is made of, to a thousandth.
MOST_RATIO = 100
RATIO_FROM = 16 * 1024 * 1024
# The list of what is in it is read in one piece.
MOST_OF_LIST = 32 * 1024 * 1024
# What programs make by themselves. Of the others zipfile unpacks a whole piece at once, however much it becomes.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CALLED = re.compile(r"(^|/)conversations[-_0-9]*\.jsonl?$")
JSON = re.compile(r"\.jsonl?$")


def is_archive(begin: bytes) -> bool:
    return begin.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


class _ShortReads:
    """A file of which nobody takes a very long piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(min(size, MOST_OF_LIST + 1) if size >= 0 else MOST_OF_LIST + 1)
        if len(piece) > MOST_OF_LIST:
            raise CannotRead("The ZIP file holds too many files.")
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Archive:
    """The members that hold conversations, in their order, to be read one after another."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(_ShortReads(file))
        except (
            zipfile.BadZipFile,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
            OverflowError,
        ) as error:
            raise CannotRead("The ZIP file is damaged.") from error
        self.members = chosen(self._zip.infolist())
        self.size = sum(member.file_size for member in self.members)
        # The list may say of members that they take more than there is.
        compressed = min(sum(member.compress_size for member in self.members), file.seek(0, 2))
        if self.size > MOST_BYTES or (self.size > RATIO_FROM and self.size > MOST_RATIO * max(1, compressed)):
            raise CannotRead(
                f"What is in the ZIP file is far larger than it should be ({self.size:,} bytes)."
            )

    def open(self, member: zipfile.ZipInfo) -> "Member":
        try:
            return Member(self._zip.open(member))
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
            EOFError,
        ) as error:
            raise CannotRead(f"{shown(member)} in the ZIP file cannot be unpacked.") from error


class Member:
    """What is read out of one. It never gives more than the list says that is in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except Exception as error:  # zlib, lzma and bz2 have errors of their own
            raise CannotRead("The ZIP file is damaged.") from error


def chosen(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Those called conversations.json, or conversations-000.json and so on; else the only JSON file."""
    json = [member for member in members if JSON.search(member.filename) and is_plain_file(member)]
    found = [member for member in json if CALLED.search(member.filename)]
    # Some exports hold each conversation once more in a folder.
    level = min((member.filename.count("/") for member in found), default=0)
    found = [member for member in found if member.filename.count("/") == level]
    if not found and len(json) == 1:
        found = json
    if not found:
        raise CannotRead(
            "The ZIP file holds no conversations.json"
            + (f", and {len(json)} other JSON files: import the one that is meant." if json else ".")
        )
    for member in found:
        if is_unsafe(member.filename):
            raise CannotRead(f"The ZIP file holds {shown(member)}, a name that leads out of it.")
        if member.flag_bits & 1:
            raise CannotRead("The ZIP file is encrypted. Unpack it and import conversations.json.")
        if member.compress_type not in METHODS:
            raise CannotRead(
                "The ZIP file is packed in a way that is not read here. Unpack it and import conversations.json."
            )
    names = [member.filename for member in found]
    if len(set(names)) < len(names):
        raise CannotRead("The ZIP file holds two files of the same name.")
    return sorted(found, key=lambda member: member.filename)


def is_plain_file(member: zipfile.ZipInfo) -> bool:
    """Not a folder, and not a link to elsewhere. Some programs tell no mode at all."""
    mode = member.external_attr >> 16
    return not member.is_dir() and (not stat.S_IFMT(mode) or stat.S_ISREG(mode))


def is_unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\0" in name


def shown(member: zipfile.ZipInfo) -> str:
    return member.filename[-80:]

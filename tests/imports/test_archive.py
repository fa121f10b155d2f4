"""ZIP files: the conversations in them are found, and what means harm is refused."""

import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.imports import archive
from chat.imports.refusing import CannotRead

from .reading import dumped, memory_for, read, refusal
from .test_chatgpt import branched

CONVERSATIONS = dumped([branched()])


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content, compress_type=compression)
    return made.getvalue()


def info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


def bomb() -> bytes:
    """Small as it lies there, and 40 MB unpacked."""
    return zipped(("conversations.json", b"[" + b" " * 40_000_000 + b"]"))


def test_an_export_as_it_comes() -> None:
    whole = zipped(
        ("user.json", b"{}"), ("chat.html", b"<p>"), ("conversations.json", CONVERSATIONS), ("a/b.png", b"x")
    )
    assert [entry.title for entry in read(whole)] == ["Weather"]


def test_an_export_in_several_files_and_once_more_in_a_folder() -> None:
    whole = zipped(
        ("x/conversations-001.json", CONVERSATIONS), ("x/conversations-000.json", CONVERSATIONS),
        ("x/conversations/conversations-1.json", CONVERSATIONS),
    )  # fmt: skip
    assert len(read(whole)) == 2


def test_the_only_json_file_is_it() -> None:
    assert len(read(zipped(("export.jsonl", CONVERSATIONS), ("readme.txt", b"")))) == 1


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("../conversations.json", CONVERSATIONS)], "leads out"),
        ([("/conversations.json", CONVERSATIONS)], "leads out"),
        ([("C:/conversations.json", CONVERSATIONS)], "leads out"),
        ([("a\\..\\..\\x/conversations.json", CONVERSATIONS)], "leads out"),
        ([(info("conversations.json", 0o120777), b"/etc/passwd")], "no conversations.json"),
        ([("conversations.json/", b"")], "no conversations.json"),
        ([("a.json", CONVERSATIONS), ("b.json", CONVERSATIONS)], "2 other JSON files"),
        ([("inner.zip", zipped(("conversations.json", CONVERSATIONS)))], "no conversations.json"),
        ([("conversations.json", zipped(("conversations.json", CONVERSATIONS)))], "not JSON"),
        ([], "no conversations.json"),
    ],
)
def test_zip_tricks_are_refused(members: Any, words: str) -> None:
    assert words in refusal(zipped(*members))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    assert "same name" in refusal(
        zipped(("conversations.json", CONVERSATIONS), ("conversations.json", b"[]"))
    )


def test_an_encrypted_member_is_refused() -> None:
    whole = bytearray(zipped(("conversations.json", CONVERSATIONS)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.index(mark) + offset
        whole[at] |= 1
    assert "encrypted" in refusal(bytes(whole))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    assert "far larger" in refusal(bomb())


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    whole = bytearray(bomb())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", whole, whole.index(mark) + offset, 1000)
    assert memory_for(lambda: refusal(bytes(whole))) < 8 * 1024 * 1024


def test_a_list_of_members_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_OF_LIST", 10_000)
    assert "too many files" in refusal(zipped(*((f"{n}.txt", b"") for n in range(300))))


def test_a_bomb_that_lies_about_what_it_takes_is_refused() -> None:
    whole = bytearray(bomb())
    struct.pack_into("<I", whole, whole.index(b"PK\x01\x02") + 20, 40_000_000)
    assert "far larger" in refusal(bytes(whole))


def test_what_is_not_packed_is_read() -> None:
    assert len(read(zipped(("conversations.json", CONVERSATIONS), compression=zipfile.ZIP_STORED))) == 1


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_without_bounds_are_refused(compression: int) -> None:
    """60 KB of bzip2 become gigabytes in one piece, whatever the list says of their size."""
    assert "Unpack it" in refusal(zipped(("conversations.json", CONVERSATIONS), compression=compression))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_damaged_zip_file_is_read_or_refused(at: int, byte: int, cut: bool) -> None:
    whole = bytearray(zipped(("conversations.json", CONVERSATIONS)))
    at %= len(whole)
    whole[at] = byte
    try:
        read(bytes(whole[:at] if cut else whole))
    except CannotRead as refused:
        assert str(refused)  # noqa: PT017

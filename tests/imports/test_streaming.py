"""A JSON file, one conversation at a time: refused in words where it is none, and bounded where it never ends."""

import io

import pytest

from chat.imports import streaming
from chat.imports.files import PATIENCE, Source
from chat.imports.refusing import CannotRead

from .reading import dumped, memory_for, read, refusal
from .test_chatgpt import branched, conversation, root


class Endless:
    """A file that never ends. It counts what was read of it."""

    def __init__(self, begin: bytes, again: bytes) -> None:
        self._begin, self._again = begin, again
        self.given = 0

    def read(self, size: int, /) -> bytes:
        piece, self._begin = self._begin or self._again * (size // len(self._again)), b""
        self.given += len(piece)
        return piece


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (b'[{"title": "', b"a"),
        (b'{"title": "', b"\\n"),
        (b'[{"mapping": [', b"1,"),
        (b'[{"mapping": {', b'"a":1,'),
        (b"[", b" "),
        (b'["', b"\xc3\xa9"),
        (b"[1", b"1"),
    ],
)
def test_what_never_ends_is_refused_in_bounded_memory(
    monkeypatch: pytest.MonkeyPatch, begin: bytes, again: bytes
) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 2 * 1024 * 1024)
    source = Endless(begin, again)

    def read_on() -> None:
        with pytest.raises(CannotRead):
            list(streaming.conversations_in(streaming.Metered(source)))

    assert memory_for(read_on) < 80 * 1024 * 1024
    assert source.given < 3 * 1024 * 1024


def test_a_long_file_of_short_conversations_is_held_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 256 * 1024)
    whole = dumped([{"messages": [{"role": "user", "content": "x" * 1000}]}] * 4000)
    count = 0

    def read_on() -> None:
        nonlocal count
        count = sum(1 for _ in Source(io.BytesIO(whole)).entries())

    assert memory_for(read_on) < 4 * 1024 * 1024
    assert count == 4000


def test_values_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_VALUES", 1000)
    assert "1,000 values" in refusal(dumped([{"messages": [[]] * 1001}]))


@pytest.mark.parametrize("content", [b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000])
def test_10_000_levels_are_refused(content: bytes) -> None:
    assert "levels deep" in refusal(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut off"),
        (b"   \n ", "not JSON"),
        (b"hello", "not JSON"),
        (b"<html>", "not JSON"),
        (b"[{", "cut off"),
        (b'[{"messages": [{"role": "user"', "cut off"),
        (b"[NaN]", "not JSON"),
        (b'["\xff\xfe"]', "not JSON"),
        (b"\x1f\x8b\x08\x00", "not JSON"),
        (b"5", "No conversation was found"),
        (b"[]", "Understood are"),
        (b'[{"a": 1}, "x", null]', "No conversation was found"),
        (b'{"format": "playground", "version": 99, "conversations": 5}', "version 99"),
        (b"PK\x03\x04 and nothing", "damaged"),
    ],
)
def test_what_is_no_file_of_conversations_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_of_many_strange_things_only_some_are_looked_at() -> None:
    source = Endless(b"[", b"1,")
    made = Source(io.BytesIO(b"[1]"))
    made._file = source  # type: ignore[assignment]
    with pytest.raises(CannotRead):
        list(made.entries())
    assert source.given < PATIENCE * 10 + 1024 * 1024


def test_what_is_strange_among_conversations_is_counted() -> None:
    source = Source(io.BytesIO(dumped([branched(), {"strange": 1}, 5, conversation(root(), current="x")])))
    assert [entry.title for _, entry in source.entries()] == ["Weather"]
    assert (source.strange, source.empty) == (2, 1)


def test_lines_and_a_byte_order_mark() -> None:
    line = b'{"messages": [{"role": "user", "content": "Hi"}]}\n'
    assert len(read(b"\xef\xbb\xbf" + line * 3)) == 3


@pytest.mark.parametrize("place", [0, 5000, streaming.AT_ONCE - 200, streaming.AT_ONCE - 60, 100_000])
@pytest.mark.parametrize("number", [b"9" * 4301, b"-" + b"9" * 70_000, b"1e" + b"9" * 5000])
def test_a_number_of_very_many_digits_is_refused_in_words(number: bytes, place: int) -> None:
    """ijson took the whole process down with it."""
    begin = b'[{"messages": [{"role": "user", "content": "a"}]}, ' + b" " * place
    for content in (
        begin + number + b"]",
        begin + b'{"x": ' + number + b"}]",
        b" " * place + number,
        b"{}" + number + b'"',
    ):
        assert any(words in refusal(content) for words in ("4,300 digits", "not JSON"))


def test_digits_without_an_end_are_refused() -> None:
    assert "4,300 digits" in refusal(b'["' + b"9" * (streaming.MOST_OF_NUMBER + streaming.AT_ONCE))


def test_a_text_of_digits_is_read() -> None:
    text = "3." + "1415926" * 30_000
    [found] = read(dumped([{"messages": [{"role": "user", "content": text}]}]))
    assert found.messages[0].parts == [{"type": "text", "text": text}]

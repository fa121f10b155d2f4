"""Bytes in any pieces become messages: as a reference reads them, and within bounds."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.completions import AnswerTooLong
from chat.completions.errors import CompletionError
from chat.completions.wire import read_messages

from .asking import run
from .wires import END, SSE, event

MIB = 1024 * 1024

EMOJI = event("a👩‍👩‍👧‍👦é你") + END


@pytest.mark.parametrize("cut", range(len(EMOJI)))
def test_a_character_may_be_cut_at_every_byte(cut):
    heard = decode([EMOJI[:cut], EMOJI[cut:]])
    assert json.loads(heard[0])["choices"][0]["delta"]["content"] == "a👩‍👩‍👧‍👦é你"


def test_a_line_without_end_is_refused_at_the_limit():
    with pytest.raises(AnswerTooLong):
        decode([b"data: " + b"x" * MIB] * 3, most_bytes=2 * MIB)


def test_comments_do_not_add_up_to_an_event_that_is_too_large():
    chunks = [event("x"), *[b": ping\n\n" * 1000, event("x")] * 100]
    assert len(decode(chunks, most_bytes=20_000)) == 101


def reference(data: bytes) -> list[str]:
    """The parser of the WHATWG standard in few lines, with our two additions: bare JSON lines, a flush at the end."""
    text = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
    found: list[str] = []
    lines: list[str] = []

    def dispatch() -> None:
        joined = "\n".join(lines)
        if joined:
            found.append(joined)
        lines.clear()

    for line in text.split("\n"):
        field, _, value = line.partition(":")
        if not line:
            dispatch()
        elif line.startswith("{"):
            dispatch()
            found.append(line.rstrip("\t\x0b\x0c "))
        elif field in ("data", "error"):
            lines.append(value.removeprefix(" "))
    return found


def decode(chunks: list[bytes], most_bytes: int = MIB) -> list[str]:
    async def feed():
        for piece in chunks:
            yield piece

    async def read() -> list[str]:
        return [message.data async for message in read_messages(feed(), SSE, most_bytes)]

    return run(read())


LINES = st.lists(
    st.sampled_from([
        b"data: ", b"data:", b"data", b":", b": ping", b"event: error", b"id: 1", b"retry: 5", b"error: x", b"error:",
        b'{"a": 1}', b'"a"', b"x", b" ", "é👍".encode(), "\u2028\u0085".encode(), b"\xff", b"[DONE]", b"\x00",
        b"\n", b"\r", b"\r\n", b"\n\n", b"\n", b"\r\r",
    ]),
    max_size=40,
)  # fmt: skip


def test_a_bare_json_line_after_a_lone_carriage_return_is_an_event_of_its_own():
    wire = b':\ndata: \r{"a": 1}'
    assert decode([wire]) == reference(wire) == ['{"a": 1}']


@settings(max_examples=400, deadline=None)
@given(LINES, st.data())
def test_any_bytes_in_any_pieces_are_read_as_the_standard_says(lines, data):
    wire = b":\n" + b"".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    pieces = [wire[start:end] for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    assert decode([piece for piece in pieces if piece]) == reference(wire)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=5))
def test_any_bytes_at_all_end_in_messages_or_a_clear_error(chunks):
    with suppress(CompletionError):
        assert all(isinstance(text, str) for text in decode([chunk for chunk in chunks if chunk]))

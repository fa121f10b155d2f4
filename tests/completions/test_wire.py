"""Bytes that servers and proxies really send, and worse."""

import gzip
import json

import pytest

from chat.completions import (
    Client,
    Endpoint,
    NotAnApi,
    StreamFailed,
    StreamInterrupted,
    Text,
)
from tests.upstream import Cut, Drip, Event, Gate, Head, Raw, Reset, Say, Script, Send, body, events, reply

from .asking import BODY, STOP, ask, chunk, run
from .wires import END, SSE, event

PLAIN = event("Four") + event(" é 👩‍👩‍👧‍👦\u2028x\u0085y\u2029\x0b\x0c\x1c") + END
TEXT = "Four é 👩‍👩‍👧‍👦\u2028x\u0085y\u2029\x0b\x0c\x1c"
WIRES = {
    "LF": PLAIN,
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "CR": PLAIN.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "no space": PLAIN.replace(b"data: ", b"data:"),
    "comments": b": OPENROUTER PROCESSING\n\n:\n\n" + PLAIN.replace(b"\n\n", b"\n\n: keep-alive\n\n"),
    "comments within events": PLAIN.replace(b"data: ", b": ping\ndata: "),
    "blank lines first": b"\n\n\r\n\n" + PLAIN,
    "ids and retries": PLAIN.replace(b"data: ", b"id: 7\nretry: 100\nunknown\nodd: x\ndata: "),
    "names": PLAIN.replace(b"data: ", b"event: completion\ndata: "),
    "no last newline": PLAIN.removesuffix(b"\n\n"),
    "no last blank line": PLAIN.removesuffix(b"\n"),
    "single newlines": PLAIN.replace(b"\n\n", b"\n"),
    "lines of one event": PLAIN.replace(b', "choices"', b'\ndata: , "choices"'),
    "end marker without a space": PLAIN.replace(b"data: [DONE]", b"data:[DONE]"),
    "end marker with blanks": PLAIN.replace(b"[DONE]", b" [DONE]  "),
    "end marker in quotes": PLAIN.replace(b"[DONE]", b'"[DONE]"'),
    "no end marker": PLAIN.replace(b"data: [DONE]\n\n", b""),
    "garbage after the end": PLAIN + b'data: {"error": "x"}\n\n\x00\xff{]]' + PLAIN,
    "JSON lines": PLAIN.replace(b"data: [DONE]", b"").replace(b"data: ", b"").replace(b"\n\n", b"\n"),
    "JSON lines with CRLF": PLAIN.replace(b"data: [DONE]", b"")
    .replace(b"data: ", b"")
    .replace(b"\n\n", b"\r\n"),
    "JSON lines without the last newline": PLAIN.partition(b"data: [DONE]")[0]
    .replace(b"data: ", b"")
    .strip(),
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
@pytest.mark.parametrize("size", [1, 7, 10_000], ids=["one byte", "seven bytes", "all at once"])
def test_the_answer_is_the_same_on_every_wire(upstream, wire, size):
    heard = ask(upstream, Script([Head(), Drip(wire, size)]))
    assert heard.error is None
    assert heard.text() == TEXT
    assert heard.finish() == "stop"


@pytest.mark.parametrize(
    "type",
    [
        "text/event-stream",
        "application/x-ndjson",
        "application/json",
        "text/plain",
        "application/octet-stream",
        "x",
        "",
    ],
)
@pytest.mark.parametrize("wire", ["LF", "JSON lines", "comments"])
def test_the_content_type_is_not_believed(upstream, type, wire):
    heard = ask(upstream, body(WIRES[wire], headers={"Content-Type": type} if type else {}))
    assert heard.error is None
    assert heard.text() == TEXT


@pytest.mark.parametrize("end", [Cut(), Reset()], ids=["FIN", "RST"])
def test_a_stream_that_ends_at_any_byte_keeps_what_came(upstream, end):
    wire = event("One 👍🏽,") + event(" two,") + event(" three.")
    for length in range(0, len(wire), 29):
        heard = ask(upstream, Script([Head(), Send(wire[:length]), end]), *[Script([Head(), end])] * 2)
        assert isinstance(heard.error, StreamInterrupted), length
        assert "One 👍🏽, two, three.".startswith(heard.text())
        if isinstance(end, Cut):
            complete = wire[:length].count(b"\n\n")
            assert len(heard.text().split()) >= complete
        assert bool(heard.slept) == (not heard.text())


def test_a_cut_after_headers_of_a_whole_body_keeps_the_text(upstream):
    data = event("half")
    heard = ask(upstream, Script([Head(framing=f"length:{len(data) + 500}"), Raw(data), Cut()]))
    assert isinstance(heard.error, StreamInterrupted)
    assert heard.text() == "half"


def test_a_line_of_five_megabytes_is_read(upstream):
    heard = ask(upstream, body(event("x" * 5_000_000) + END))
    assert len(heard.text()) == 5_000_000


def test_an_answer_to_a_stream_may_be_one_json_document(upstream):
    message = {"role": "assistant", "content": "Four."}
    document = {"id": "x", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1}}  # fmt: skip
    for script in (
        reply(200, document),
        reply(200, "\n\n  " + json.dumps(document, indent=2) + "\n"),
        body(b"\n" + json.dumps(document).encode()),
        body(json.dumps([document]).encode()),
        Script([Head(), *(Send(b"\n") for _ in range(5)), Drip(json.dumps(document, indent=1).encode(), 3)]),
    ):
        heard = ask(upstream, script)
        assert heard.error is None
        assert (heard.text(), heard.finish()) == ("Four.", "stop")
        assert heard.usage is not None


def test_a_whole_answer_is_asked_for_and_read_without_a_stream(upstream):
    heard = ask(upstream, body={"model": "tokens-20-seed-3", "messages": [], "stream": False, "n": 2})
    assert heard.error is None
    assert heard.text(0) == heard.text(1) != ""
    assert upstream.requests[-1].headers["accept"] == "application/json"


def test_a_whole_answer_without_a_finish_reason_is_complete(upstream):
    heard = ask(upstream, reply(200, {"choices": [{"message": {"content": "x"}, "finish_reason": None}]}))
    assert heard.error is None
    assert (heard.text(), heard.finish()) == ("x", "stop")


def test_a_whole_answer_that_is_cut_off_is_interrupted(upstream):
    data = json.dumps({"choices": [{"message": {"content": "x" * 500}}]})
    script = Script([Head(headers={}, framing="length:9999"), Send(data[:300].encode()), Cut()])
    assert isinstance(ask(upstream, *[script] * 3).error, StreamInterrupted)


def test_an_error_object_with_status_200_is_an_error(upstream):
    heard = ask(upstream, reply(200, {"error": {"message": "It broke."}}))
    assert isinstance(heard.error, StreamFailed)
    assert heard.error.said == "It broke."


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Please sign in</body></html>",
        "\n\n  <html>",
        "\ufeff<html>",
        "Welcome to nginx",
        "ok",
        "<?xml version='1.0'?>",
    ],
)
def test_a_web_page_is_called_one(upstream, page):
    heard = ask(upstream, body(page, headers={"Content-Type": "text/html"}))
    assert isinstance(heard.error, NotAnApi)
    assert "base URL" in heard.error.message
    assert heard.slept == []


def test_a_compressed_stream_is_read(upstream):
    headers = {"Content-Type": SSE, "Content-Encoding": "gzip"}
    heard = ask(upstream, Script([Head(headers=headers), Drip(gzip.compress(PLAIN), 11)]))
    assert heard.error is None
    assert heard.text() == TEXT


def test_a_compression_that_is_a_lie_is_an_error(upstream):
    headers = {"Content-Type": SSE, "Content-Encoding": "gzip"}
    heard = ask(upstream, *[body(PLAIN, headers=headers)] * 3)
    assert isinstance(heard.error, StreamInterrupted)
    assert "compressed" in heard.error.message


def test_bytes_that_are_no_text_become_replacement_characters(upstream):
    heard = ask(upstream, body(event("ab").replace(b"ab", b"a\xff\xfeb") + END))
    assert heard.error is None
    assert heard.text() == "a\ufffd\ufffdb"


def test_half_an_end_marker_is_no_end(upstream):
    heard = ask(upstream, Script([Head(), Say("a"), Send(b"data: [DON"), Cut()]))
    assert isinstance(heard.error, StreamInterrupted)


def test_an_event_is_told_before_the_next_one_is_sent(upstream):
    gate = Gate()
    upstream.drop_scripts()
    upstream.script(Script([Head(), Event(chunk(content="a")), gate, Event(chunk(content="b")), Send(END)]))

    async def ask_and_open() -> str:
        text = ""
        client = Client()
        async for told in client.stream(Endpoint(upstream.base_url), BODY):
            if isinstance(told, Text):
                text += told.text
                gate.open()
        await client.aclose()
        return text

    assert run(ask_and_open()) == "ab"


def test_the_body_of_the_request_does_not_matter_to_the_wire(upstream):
    large = BODY | {"messages": [{"role": "user", "content": "x" * 3_000_000}]}
    heard = ask(upstream, events(chunk(content="x"), STOP), body=large)
    assert heard.error is None
    assert upstream.requests[-1].body == large

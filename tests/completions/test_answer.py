"""What providers say in an answer that goes well, one shape after the other."""

import json

import pytest

from chat.completions import (
    Annotation,
    Answered,
    AnswerTooLong,
    EmptyAnswer,
    Finish,
    Image,
    Limits,
    Opened,
    Refusal,
    StreamFailed,
    StreamInterrupted,
    Text,
    Usage,
)
from tests.upstream import (
    Cut,
    Event,
    Hang,
    Head,
    Pause,
    Reset,
    Say,
    Script,
    events,
    reply,
    stream,
)

from .asking import BODY, STOP, USAGE, ask, chunk


def test_a_plain_stream_is_told_in_order(upstream):
    heard = ask(upstream, stream("Four", "."))
    assert heard.error is None
    assert [type(event) for event in heard.events] == [Opened, Answered, Text, Text, Finish, Usage]
    assert heard.text() == "Four."
    assert heard.finish() == "stop"


def test_the_request_is_sent_as_it_was_built(upstream):
    ask(upstream, stream("x"))
    request = upstream.requests[-1]
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.raw == json.dumps(BODY, separators=(",", ":")).encode()
    assert request.headers["authorization"] == "Bearer sk-test-0123456789abcdefghij"
    assert request.headers["accept"] == "text/event-stream"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"] == "Playground"


def test_the_first_event_gives_status_headers_and_request_id(upstream):
    opened = ask(upstream, stream("x")).of(Opened)[0]
    assert opened.status == 200
    assert opened.headers["content-type"].startswith("text/event-stream")
    assert opened.request_id == opened.headers["x-request-id"]


def test_the_names_that_the_provider_gives_come_once(upstream):
    heard = ask(upstream, events({"id": "", "model": "", "choices": []}, chunk(content="a"), STOP))
    assert heard.of(Answered) == [Answered("c", "m")]


def test_a_role_on_every_chunk_changes_nothing(upstream):
    heard = ask(
        upstream, events(chunk(role="assistant", content="a"), chunk(role="assistant", content="b"), STOP)
    )
    assert heard.text() == "ab"


def test_text_that_comes_twice_in_a_chunk_counts_once(upstream):
    choice = {
        "index": 0,
        "text": " Four",
        "delta": {"role": "assistant", "content": " Four", "tool_calls": None},
    }
    assert ask(upstream, events({"choices": [choice]}, STOP)).text() == " Four"


def test_text_without_a_delta_is_read(upstream):
    heard = ask(upstream, events({"choices": [{"text": " jumps"}]}, STOP), path="/completions")
    assert heard.text() == " jumps"
    assert upstream.requests[-1].path == "/v1/completions"


def test_text_in_the_chunk_of_the_finish_is_kept(upstream):
    heard = ask(upstream, events(chunk(content="a"), chunk(content=".", finish="eos")))
    assert heard.text() == "a."
    assert heard.of(Finish) == [Finish("stop", "eos")]


def test_a_finish_reason_at_the_top_level_counts(upstream):
    heard = ask(
        upstream, events({"choices": [{"delta": {"content": "x"}}], "finish_reason": "length"}, done=False)
    )
    assert heard.finish() == "length"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("stop", "stop"),
        ("EOS", "stop"),
        ("end_turn", "stop"),
        ("STOP", "stop"),
        ("stop_sequence", "stop"),
        ("COMPLETE", "stop"),
        ("length", "length"),
        ("model_length", "length"),
        ("MAX_TOKENS", "length"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("whatever_is_new", "other"),
    ],
)
def test_finish_reasons_become_ours_and_keep_their_own_word(upstream, raw, reason):
    heard = ask(upstream, events(chunk(content="x"), chunk(finish=raw)))
    assert heard.error is None
    assert heard.of(Finish) == [Finish(reason, raw)]


@pytest.mark.parametrize("raw", ["error", "insufficient_system_resource", "network_error"])
def test_a_finish_reason_that_means_failure_fails_and_keeps_the_text(upstream, raw):
    heard = ask(upstream, events(chunk(content="half"), chunk(finish=raw)))
    assert isinstance(heard.error, StreamFailed)
    assert heard.error.retryable
    assert heard.text() == "half"


def test_three_choices_interleave_and_end_each_by_itself(upstream):
    heard = ask(upstream, events(
        chunk(1, role="assistant", content="Ta"),
        {"choices": [{"index": 0, "delta": {"content": "Heads"}}, {"index": 1, "delta": {"content": "ils"}}]},
        chunk(1, finish="stop"),
        chunk(2, content="Edge"),
        chunk(0, finish="length"),
        chunk(2, finish="stop"),
    ))  # fmt: skip
    assert [heard.text(n) for n in range(3)] == ["Heads", "Tails", "Edge"]
    assert [heard.finish(n) for n in range(3)] == ["length", "stop", "stop"]


def test_one_choice_that_does_not_end_makes_the_answer_incomplete(upstream):
    heard = ask(
        upstream, events(chunk(0, content="a"), chunk(1, content="b"), chunk(0, finish="stop"), done=False)
    )
    assert isinstance(heard.error, StreamInterrupted)


@pytest.mark.parametrize("index", [None, "1", -1, 2**40, True, 1.5])
def test_an_odd_index_means_the_first_choice(upstream, index):
    heard = ask(
        upstream, events({"choices": [{"index": index, "delta": {"content": "x"}, "finish_reason": "stop"}]})
    )
    assert heard.text(0) == "x"


def test_a_stream_without_a_finish_reason_is_interrupted(upstream):
    heard = ask(upstream, events(chunk(content="half"), done=False))
    assert type(heard.error) is StreamInterrupted
    assert heard.error.retryable
    assert heard.text() == "half"


def test_a_finish_reason_without_an_end_marker_is_enough(upstream):
    heard = ask(upstream, events(chunk(content="all"), STOP, done=False))
    assert heard.error is None


@pytest.mark.parametrize("end", [Cut(), Reset(), Hang()], ids=["FIN", "RST", "silence"])
def test_a_whole_answer_does_not_need_a_goodbye(upstream, end):
    steps = [Head(), Say("all"), Event(STOP), Event({"usage": USAGE}), Pause(0.05), end]
    heard = ask(upstream, Script(steps), limits=Limits(silence=0.3))
    assert heard.error is None
    assert (heard.text(), heard.finish()) == ("all", "stop")
    assert heard.usage is not None


def test_too_much_text_is_an_error_even_after_a_finish(upstream):
    heard = ask(upstream, events(STOP, chunk(content="x" * 2000)), limits=Limits(answer_bytes=1000))
    assert type(heard.error) is AnswerTooLong


@pytest.mark.parametrize("finish", [None, ""])
def test_an_end_marker_without_a_finish_reason_is_enough(upstream, finish):
    heard = ask(upstream, events(chunk(content="all"), chunk(finish=finish)))
    assert heard.error is None
    assert heard.of(Finish) == [Finish("stop", "")]


def test_an_empty_answer_with_a_finish_reason_is_an_answer(upstream):
    heard = ask(upstream, events(chunk(role="assistant", content=""), STOP))
    assert heard.error is None
    assert heard.text() == ""


@pytest.mark.parametrize(
    "script",
    [
        events(),
        events(done=False),
        events(chunk(role="assistant", content="")),
        events({"choices": []}, {"choices": None}, {}, done=False),
        reply(200, ""),
        reply(200, {"id": "x", "choices": []}),
    ],
    ids=["only the end", "nothing", "only a role", "only empty chunks", "no body", "no choices"],
)
def test_an_answer_of_nothing_is_an_error(upstream, script):
    assert isinstance(ask(upstream, script).error, EmptyAnswer)


@pytest.mark.parametrize(
    "ping",
    ["{}", "null", "", "[PING]", "keep-alive", "17", '"text"', "[1, 2]", '{"choices":[]}', '{"choices":null}',
     '{"type":"keepalive","sequence_number":59}', '{"choices":[null, 3, "x"]}', '{"choices":{}}',
     '{"choices":[{"index":0,"delta":null}]}', '{"choices":[{}]}', '{"choices":[{"delta":{"content":7}}]}'],
)  # fmt: skip
def test_a_ping_of_any_shape_is_ignored(upstream, ping):
    heard = ask(upstream, events(ping, chunk(content="a"), ping, chunk(content="b"), ping, STOP, ping))
    assert heard.error is None
    assert heard.text() == "ab"


def test_a_refusal_streams_like_text(upstream):
    heard = ask(upstream, events(chunk(refusal="I can't "), chunk(refusal="help."), STOP))
    assert "".join(refusal.text for refusal in heard.of(Refusal)) == "I can't help."


def test_a_content_filter_is_told(upstream):
    assert (
        ask(upstream, events(chunk(content="x"), chunk(finish="content_filter"))).finish() == "content_filter"
    )


def test_annotations_are_passed_on(upstream):
    citation = {
        "type": "url_citation",
        "url_citation": {"url": "https://example.org/t", "title": "To\u0000wer"},
    }
    heard = ask(upstream, events(chunk(content="x", annotations=[citation, None]), STOP))
    (annotation,) = heard.of(Annotation)
    assert annotation.data["url_citation"] == {"url": "https://example.org/t", "title": "To\ufffdwer"}


@pytest.mark.parametrize("url", ["data:image/png;base64,iVBORw0KGgo=", "https://example.org/a.png"])
def test_images_are_passed_on(upstream, url):
    part = {"type": "image_url", "image_url": {"url": url}}
    heard = ask(upstream, events(chunk(content="Here.", images=[part]), chunk(content=[part]), STOP))
    assert [image.url for image in heard.of(Image)] == [url, url]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:image/svg+xml;base64,AAAA", "http://10.0.0.1/a.png", 3]
)
def test_an_image_that_must_not_be_shown_is_dropped(upstream, url):
    heard = ask(upstream, events(chunk(content="x", images=[{"image_url": {"url": url}}]), STOP))
    assert heard.of(Image) == []
    assert heard.text() == "x"


def test_an_image_of_five_megabytes_is_one_event(upstream):
    url = "data:image/png;base64," + "A" * 5_000_000
    heard = ask(upstream, events(chunk(images=[{"image_url": {"url": url}}]), STOP))
    assert heard.error is None
    assert heard.of(Image)[0].url == url


def test_white_space_is_kept_exactly(upstream):
    pieces = ["  \n", "\ta ", "\u2028", "\u0085", "\r\n", " b", "\ufeff", " \n\n"]
    heard = ask(upstream, events(*(chunk(content=piece) for piece in pieces), STOP))
    assert heard.text() == "".join(pieces)


def test_half_characters_are_joined_across_chunks(upstream):
    heard = ask(upstream, events(
        r'{"choices":[{"delta":{"content":"a\ud83d"}}]}',
        r'{"choices":[{"delta":{"content":"\udc4d\u0000"}}]}',
        r'{"choices":[{"delta":{"content":"\ud83d"}}]}',
        STOP,
    ))  # fmt: skip
    assert heard.text() == "a👍\ufffd\ufffd"

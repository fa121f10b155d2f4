"""What providers say in a good stream, and in a bad one, one shape after the other."""

import json

import pytest

from chat.completions import (
    Annotation,
    AnswerDamaged,
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
    Done,
    Event,
    Hang,
    Head,
    Pause,
    Reset,
    Say,
    Script,
    Send,
    events,
    reply,
    stream,
)

from .asking import BODY, STOP, ask, chunk

USAGE = {"prompt_tokens": 20, "completion_tokens": 31, "total_tokens": 51}


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


@pytest.mark.parametrize(
    "last",
    [
        [chunk(finish="stop") | {"usage": USAGE}],
        [STOP, {"choices": [], "usage": USAGE}],
        [STOP, {"choices": [], "usage": USAGE}, {"choices": []}],
        [STOP | {"usage": {"prompt_tokens": 1}}, {"choices": None, "usage": USAGE}],
        [STOP, {"choices": [], "x_groq": {"usage": USAGE}}],
        [STOP, {"usage": USAGE}],
    ],
    ids=[
        "with the finish",
        "alone",
        "before an empty chunk",
        "on every chunk",
        "in x_groq",
        "without choices",
    ],
)
def test_usage_is_found_wherever_it_stands(upstream, last):
    heard = ask(upstream, events(chunk(content="x"), *last))
    assert heard.error is None
    assert heard.usage is not None
    assert (heard.usage.prompt_tokens, heard.usage.completion_tokens) == (20, 31)
    assert heard.events[-1] == heard.usage


@pytest.mark.parametrize(
    ("usage", "cached", "reasoning"),
    [
        (
            {
                "prompt_tokens_details": {"cached_tokens": 16},
                "completion_tokens_details": {"reasoning_tokens": 24},
            },
            16,
            24,
        ),
        ({"cached_tokens": 16, "reasoning_tokens": 24}, 16, 24),
        ({"prompt_cache_hit_tokens": 16, "prompt_cache_miss_tokens": 4}, 16, None),
        ({"num_cached_tokens": 16}, 16, None),
        ({"prompt_tokens_details": None, "completion_tokens_details": None}, None, None),
        ({"cached_tokens": -1, "reasoning_tokens": "many", "completion_tokens": None}, None, None),
        ({"cached_tokens": 2**60, "reasoning_tokens": True}, None, None),
    ],
)
def test_the_details_of_usage_are_read_in_both_places(upstream, usage, cached, reasoning):
    heard = ask(upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, **usage}}))
    assert heard.usage is not None
    assert (heard.usage.cached_tokens, heard.usage.reasoning_tokens) == (cached, reasoning)


@pytest.mark.parametrize("cost", [-0.01, "free", True, 1e999])
def test_a_cost_that_is_none_is_unknown(upstream, cost):
    heard = ask(upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, "cost": cost}}))
    assert heard.usage is not None
    assert heard.usage.cost is None


def test_a_cost_in_dollars_is_kept(upstream):
    heard = ask(
        upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, "cost": 0.0021, "is_byok": False}})
    )
    assert heard.usage is not None
    assert heard.usage.cost == 0.0021
    assert heard.usage.raw["is_byok"] is False


def test_an_answer_without_usage_has_none(upstream):
    heard = ask(upstream, events(chunk(content="x"), STOP))
    assert heard.error is None
    assert heard.usage is None


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


# --- Errors inside the stream -----------------------------------------------------------------------------

ERRORS = {
    "vllm": '{"error":{"message":"It broke.","type":"BadRequestError","param":null,"code":400}}',
    "openrouter": '{"id":"x","error":{"code":"server_error","message":"It broke."},'
    '"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}',
    "old vllm": '{"object":"error","message":"It broke.","type":"InternalServerError","param":null,"code":500}',
    "text": '{"error":"It broke."}',
    "in a choice": '{"choices":[{"index":0,"delta":{},"error":{"code":502,"message":"It broke."},'
    '"finish_reason":"error"}]}',
    "groq": '{"choices":[],"x_groq":{"error":"It broke."}}',
    "fastapi": '{"detail":"It broke."}',
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_error_in_the_stream_ends_it_and_keeps_the_text(upstream, error):
    heard = ask(upstream, events(chunk(content="half"), error, chunk(content=" lost"), STOP))
    assert isinstance(heard.error, StreamFailed)
    assert heard.error.said == "It broke."
    assert heard.text() == "half"


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_error_as_the_first_event_is_an_error_and_no_empty_answer(upstream, error):
    heard = ask(upstream, events(error))
    assert isinstance(heard.error, StreamFailed)
    assert heard.slept == []


def test_an_error_after_the_finish_is_an_error(upstream):
    heard = ask(upstream, events(chunk(content="all"), STOP, ERRORS["text"]))
    assert isinstance(heard.error, StreamFailed)
    assert heard.finish() == "stop"


@pytest.mark.parametrize(
    "lines",
    [
        'event: error\ndata: {"error":{"message":"It broke."},"message":"It broke."}\n\n',
        'event: error\ndata: {"message":"It broke."}\n\n',
        "event: error\ndata: It broke.\n\n",
        'error: {"code":500,"message":"It broke.","type":"server_error"}\n\n',
        '{"error": "It broke."}\n',
        '{"error": "It broke."}',
    ],
)
def test_an_error_under_another_name_is_one_too(upstream, lines):
    heard = ask(upstream, Script([Head(), Say("half"), Send(lines.encode())]))
    assert isinstance(heard.error, StreamFailed)
    assert heard.error.said == "It broke."
    assert heard.text() == "half"


@pytest.mark.parametrize(
    ("code", "retryable"), [(400, False), (404, False), (429, True), (500, True), ("x", True)]
)
def test_the_code_of_an_error_tells_whether_to_try_again(upstream, code, retryable):
    heard = ask(upstream, events({"error": {"message": "It broke.", "code": code}}))
    assert heard.error is not None
    assert heard.error.retryable is retryable
    assert heard.error.code == str(code)


def test_usage_before_an_error_is_kept(upstream):
    heard = ask(upstream, events(chunk(content="x") | {"usage": USAGE}, ERRORS["text"]))
    assert heard.usage is not None


def test_a_key_in_an_error_of_the_stream_is_masked(upstream):
    heard = ask(upstream, events({"error": "Bad key sk-test-0123456789abcdefghij given."}))
    assert heard.error is not None
    assert heard.error.said == "Bad key … given."


# --- Damage and limits ------------------------------------------------------------------------------------


def test_damaged_events_are_skipped_and_the_answer_is_marked(upstream):
    heard = ask(upstream, events(chunk(content="a"), '{"choices":[{"del : ping', chunk(content="b"), STOP))
    assert isinstance(heard.error, AnswerDamaged)
    assert "(1 of them)" in heard.error.message
    assert heard.text() == "ab"


def test_an_answer_of_damage_alone_ends_early(upstream):
    heard = ask(upstream, events(*['{"choices":[{'] * 100, done=False))
    assert isinstance(heard.error, AnswerDamaged)


def test_json_nested_without_end_is_damage_and_no_crash(upstream):
    heard = ask(upstream, events(chunk(content="a"), '{"a":' * 100_000, STOP))
    assert isinstance(heard.error, AnswerDamaged)


@pytest.mark.parametrize(
    "place",
    [
        '{"choices":[{"delta":{"content":"x"},"logprobs":%s}]}',
        '{"choices":[{"delta":{"annotations":[{"a":%s}]}}]}',
        '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}',
        '{"choices":[{"delta":{"reasoning_details":%s}}]}',
        '{"choices":[],"usage":{"a":%s}}',
        '{"error":%s}',
        '{"error":{"message":%s}}',
        '{"detail":%s}',
    ],
)
def test_deep_nesting_anywhere_is_an_error_at_worst_and_never_a_crash(upstream, place):
    deep = "[" * 1000 + "]" * 1000
    heard = ask(upstream, events(chunk(content="a"), place % deep, STOP))
    assert heard.error is None or isinstance(heard.error, (AnswerDamaged, StreamFailed))
    assert heard.text().startswith("a")


def test_a_last_event_cut_in_the_middle_is_reported_and_the_text_kept(upstream):
    half = b'data: {"choices":[{"delta":{"content":"lo'
    heard = ask(upstream, Script([Head(framing="close"), Say("half"), Send(half), Cut()]))
    assert isinstance(heard.error, StreamInterrupted)
    assert heard.text() == "half"


def test_a_runaway_answer_ends_at_the_limit_and_is_kept_up_to_it(upstream):
    script = events(*(chunk(content="x" * 100) for _ in range(20)), STOP)
    heard = ask(upstream, script, limits=Limits(answer_bytes=1000))
    assert isinstance(heard.error, AnswerTooLong)
    assert not heard.error.retryable
    assert 900 <= len(heard.text()) <= 1000


def test_a_piece_beyond_the_limit_ends_the_answer_with_a_clear_error(upstream):
    script = Script([Head(), Say("a"), Event(chunk(content="x" * 200_000)), Done()])
    heard = ask(upstream, script, limits=Limits(event_bytes=100_000))
    assert isinstance(heard.error, AnswerTooLong)
    assert heard.text() == "a"

"""What goes wrong on the provider's side once the stream is open: the words before it are kept."""

import pytest

from chat.completions import (
    StreamFailed,
)
from tests.upstream import (
    Head,
    Say,
    Script,
    Send,
    events,
)

from .asking import STOP, USAGE, ask, chunk

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

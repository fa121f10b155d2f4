"""Every error body that providers send, with every status."""

import json
import time

import pytest

from chat.completions import (
    CompletionError,
    ContextTooLong,
    KeyRefused,
    Limits,
    ModelUnknown,
    NotAnApi,
    Opened,
    OutOfCredit,
    ParameterRejected,
    ProviderFailed,
    RateLimited,
    RequestRefused,
    Unreachable,
)
from chat.completions.masking import mask
from chat.completions.words import read_words
from tests.upstream import Cut, Hang, Head, Raw, Script, Send, reply

from .asking import BODY, KEY, ask

NO_RETRIES = Limits(retries=0)

BODIES = {
    "openai": {
        "error": {"message": "It broke.", "type": "invalid_request_error", "param": None, "code": "broke"}
    },
    "together": {
        "error": {"message": "It broke.", "type": "x", "param": None, "code": "broke", "error_type": "y"}
    },
    "fastapi": {
        "detail": [{"type": "extra_forbidden", "loc": ["body", "x"], "msg": "It broke.", "input": 40}]
    },
    "fastapi text": {"detail": "It broke."},
    "mistral": {
        "object": "error",
        "message": {"detail": [{"msg": "It broke."}]},
        "type": "x",
        "code": "broke",
    },
    "ollama": {"error": "It broke."},
    "llama.cpp": {"error": {"code": 400, "message": "It broke.", "type": "invalid_request_error"}},
    "openrouter": {
        "error": {"code": 402, "message": "It broke.", "metadata": {"provider_name": "acme"}},
        "user_id": "u",
    },
    "openrouter raw": {
        "error": {"code": 502, "message": "Upstream:", "metadata": {"raw": '{"error":"It broke."}'}}
    },
    "old vllm": {"object": "error", "message": "It broke.", "type": "Odd", "param": None, "code": 400},
    "groq": {
        "error": {"message": "It broke.", "type": "x", "code": "tool_use_failed", "failed_generation": "<f>"}
    },
    "message": {"message": "It broke."},
    "lm studio": {"error": {"message": "It broke."}, "message": "It broke."},
    "errors": {"errors": [{"message": "It broke."}, "Twice."]},
    "google": [{"error": {"code": 400, "message": "It broke.", "status": "INVALID_ARGUMENT"}}],
    "msg": {"msg": "It broke."},
    "text": "It broke.",
    "json text": '"It broke."',
    "html": "<html><head><title>502</title><style>p{}</style></head><body><h1>It broke.</h1></body></html>",
    "padded": "\n\n  " + json.dumps({"error": "It broke."}),
}

STATUSES = {
    400: RequestRefused,
    401: KeyRefused,
    402: OutOfCredit,
    403: RequestRefused,
    408: ProviderFailed,
    409: RequestRefused,
    412: RequestRefused,
    413: RequestRefused,
    415: RequestRefused,
    422: RequestRefused,
    424: RequestRefused,
    425: ProviderFailed,
    429: RateLimited,
    451: RequestRefused,
    498: RateLimited,
    499: RequestRefused,
    500: ProviderFailed,
    501: ProviderFailed,
    502: ProviderFailed,
    503: ProviderFailed,
    504: ProviderFailed,
    520: ProviderFailed,
    524: ProviderFailed,
    529: ProviderFailed,
}
RETRYABLE = {408, 409, 425, 429, 498, 500, 502, 503, 504, 520, 524, 529}


def refused(upstream, status: int, content: object, **more) -> CompletionError:
    heard = ask(upstream, reply(status, content), limits=NO_RETRIES, **more)
    assert heard.error is not None
    assert heard.of(Opened)[0].status == status
    return heard.error


@pytest.mark.parametrize("status", STATUSES)
def test_every_body_with_every_status_is_the_error_of_that_status(upstream, status):
    for name, content in BODIES.items():
        error = refused(upstream, status, content)
        assert type(error) is STATUSES[status], name
        assert "It broke." in error.said, name
        assert error.status == status
        assert error.retryable is (status in RETRYABLE), name
        assert error.request_id is not None
        assert error.message.endswith("."), error.message


@pytest.mark.parametrize(
    "content", ["", "{}", "null", "[]", "   ", "{", "\x00", "\ud83d".encode(errors="surrogatepass")]
)
@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_body_that_says_nothing_is_an_error_with_its_status(upstream, status, content):
    error = refused(upstream, status, content)
    assert type(error) is STATUSES[status]
    assert error.said
    assert "\x00" not in error.said


@pytest.mark.parametrize(
    ("status", "message", "code", "kind"),
    [
        (
            400,
            "This model's maximum context length is 8192 tokens.",
            "context_length_exceeded",
            ContextTooLong,
        ),
        (400, "request (4390 tokens) exceeds the available context size (4096 tokens)", 400, ContextTooLong),
        (403, "The prompt and max_tokens exceed the model's context length.", None, ContextTooLong),
        (422, "`inputs` tokens + `max_new_tokens` must be <= 8193", None, ContextTooLong),
        (500, "the request exceeds the context size", "exceed_context_size_error", ContextTooLong),
        (429, "You exceeded your current quota.", "insufficient_quota", OutOfCredit),
        (402, "Insufficient credits", 402, OutOfCredit),
        (403, "Invalid API key.", None, KeyRefused),
        (404, "The model `x` does not exist.", "model_not_found", ModelUnknown),
        (404, "model 'nope' not found, try pulling it first", None, ModelUnknown),
        (400, "x/y is not a valid model ID", 400, ModelUnknown),
        (404, "Not Found", None, NotAnApi),
    ],
)
def test_the_words_of_an_error_decide_where_the_status_does_not(upstream, status, message, code, kind):
    error = refused(upstream, status, {"error": {"message": message, "code": code}})
    assert type(error) is kind


@pytest.mark.parametrize("content", ["", "<html>404</html>", "404 page not found", {"detail": "Not Found"}])
def test_a_404_of_a_web_server_is_about_the_address(upstream, content):
    error = refused(upstream, 404, content)
    assert isinstance(error, NotAnApi)
    assert "base URL" in error.message


def test_a_wrong_method_is_about_the_address_too(upstream):
    assert isinstance(refused(upstream, 405, {"detail": "Method Not Allowed"}), NotAnApi)


SENT = BODY | {
    "temperature": 3,
    "top_k": 40,
    "max_tokens": 5,
    "stop": ["x"],
    "n": 2,
    "response_format": {"type": "x"},
}


@pytest.mark.parametrize(
    ("status", "content", "param"),
    [
        (
            400,
            {"error": {"message": "Unsupported.", "param": "temperature", "code": "unsupported_value"}},
            "temperature",
        ),
        (400, {"error": {"message": "Bad.", "param": "response_format.json_schema"}}, "response_format"),
        (
            400,
            {"error": {"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."}},
            "max_tokens",
        ),
        (422, {"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs are not permitted"}]}, "top_k"),
        (400, {"error": {"message": "temperature must be at most 2"}}, "temperature"),
        (400, {"error": {"message": "'n' must be 1"}}, "n"),
        (400, {"error": {"message": "Invalid `stop`"}}, "stop"),
    ],
)
def test_a_rejected_parameter_is_named_as_we_sent_it(upstream, status, content, param):
    error = refused(upstream, status, content, body=SENT)
    assert isinstance(error, ParameterRejected)
    assert error.param == param
    assert param in error.message


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Bad content.", "param": "messages[0].content"},
        {"message": "Bad.", "param": "seed"},
        {"message": "stream of nonsense, a model problem"},
    ],
)
def test_what_the_person_did_not_set_is_no_parameter_of_theirs(upstream, error):
    found = refused(upstream, 400, {"error": error}, body=SENT)
    assert type(found) is RequestRefused
    assert found.param is None


def test_only_the_beginning_of_a_large_body_is_read(upstream):
    page = "<html>" + "<p>It broke.</p>" * 100_000
    error = refused(upstream, 502, page)
    assert "It broke." in error.said
    assert len(error.said) <= 300


def test_an_error_whose_body_breaks_off_is_still_that_error(upstream):
    script = Script([Head(500, {}, "length:100"), Raw(b'{"error":'), Cut()])
    heard = ask(upstream, script, limits=NO_RETRIES)
    assert isinstance(heard.error, ProviderFailed)


def test_an_error_whose_body_never_ends_is_still_that_error(upstream, monkeypatch):
    monkeypatch.setattr("chat.completions.exchange.ERROR_SECONDS", 0.05)
    heard = ask(upstream, Script([Head(500), Send(b"It broke."), Hang()]), limits=NO_RETRIES)
    assert isinstance(heard.error, ProviderFailed)
    assert heard.error.said == "It broke."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"Incorrect API key provided: {KEY}.", "Incorrect API key provided: …."),
        ("Incorrect API key provided: sk-test*************ghij.", "Incorrect API key provided: …"),
        ("Bad key sk-proj-abcdefghijkl in header", "Bad key … in header"),
        ("Authorization: Bearer abcdef was refused", "Authorization: … was refused"),
        ("gsk_0123456789abcdefghij is expired", "… is expired"),
        ("max_tokens and top_k are fine", "max_tokens and top_k are fine"),
        ("key_value pairs or-else", "key_value pairs or-else"),
    ],
)
def test_keys_in_messages_are_masked(upstream, said, shown):
    error = refused(upstream, 401, {"error": {"message": said}})
    assert error.said == shown
    assert KEY not in repr(vars(error))


def test_a_short_key_is_masked_and_a_missing_one_changes_nothing():
    assert mask("the key abcd is bad", "abcd") == "the key … is bad"
    assert mask("plain", "") == "plain"


def test_a_key_echoed_in_a_header_is_masked(upstream):
    heard = ask(
        upstream,
        Script([Head(200, {"X-Echo": f"Bearer {KEY}", "Set-Cookie": "id=1"}), Send(b"data: [DONE]\n\n")]),
    )
    headers = heard.of(Opened)[0].headers
    assert KEY not in str(headers)
    assert "set-cookie" not in headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
def test_a_redirect_is_reported_and_not_followed(upstream, status):
    before = len(upstream.requests)
    target = {"Location": "https://evil.test/v1/secret?x=1"}
    heard = ask(upstream, Script([Head(status, target, "length:0")]))
    assert isinstance(heard.error, NotAnApi)
    assert "evil.test" in heard.error.message
    assert "secret" not in heard.error.message
    assert len(upstream.requests) == before + 1


@pytest.mark.parametrize("location", ["", "http://[::1", "//", "\\\\", "javascript:1"])
def test_a_redirect_to_nowhere_is_an_error_at_once(upstream, location):
    heard = ask(upstream, Script([Head(307, {"Location": location}, "length:0")]))
    assert isinstance(heard.error, (NotAnApi, Unreachable))
    assert heard.slept == []


@pytest.mark.parametrize(
    "page", ["<" * 65536, "<script>" * 8192, "a" * 65536, "<body" * 13000, "sk-" * 20000]
)
def test_a_page_made_to_cost_time_costs_none(page):
    started = time.process_time()
    read_words(page.encode(), KEY)
    assert time.process_time() - started < 0.5

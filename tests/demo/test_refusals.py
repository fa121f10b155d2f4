"""What is wrong gets the right status, and an error that names the key."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.demo.exchange import LARGEST_BODY
from tests.demo.conftest import Client

QUESTION = [{"role": "user", "content": "Hello"}]
TOOL = {"type": "function", "function": {"name": "look"}}
CALL = {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function"}]}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"model": None}, "model"),
        ({"model": 7}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": ["hello"]}, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]},
            "messages[0].content[0].text",
        ),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "c"}]}, "messages[0].tool_call_id"),
        ({"messages": [CALL, {"role": "user", "content": "x"}]}, "messages"),
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"top_p": 1.5}, "top_p"),
        ({"top_k": 1.5}, "top_k"),
        ({"top_k": -2}, "top_k"),
        ({"min_p": -1}, "min_p"),
        ({"repetition_penalty": 0}, "repetition_penalty"),
        ({"presence_penalty": 3}, "presence_penalty"),
        ({"frequency_penalty": "x"}, "frequency_penalty"),
        ({"logit_bias": [1]}, "logit_bias"),
        ({"logit_bias": {"word": 1}}, "logit_bias"),
        ({"logit_bias": {"²": 1}}, "logit_bias"),
        ({"logit_bias": {"1": 101}}, "logit_bias.1"),
        ({"logit_bias": {"999999": 1}}, "logit_bias"),
        ({"seed": 1.5}, "seed"),
        ({"stop": 1}, "stop"),
        ({"stop": ""}, "stop"),
        ({"stop": ["a", 1]}, "stop"),
        ({"stop": ["a"] * 17}, "stop"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 32768}, "max_tokens"),
        ({"max_tokens": 1, "max_completion_tokens": 1}, "max_completion_tokens"),
        ({"n": 0}, "n"),
        ({"n": 129}, "n"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"stream": True, "stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"logprobs": 21}, "logprobs"),
        ({"logprobs": "yes"}, "logprobs"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"tools": [TOOL]}, "tools"),
        ({"tools": [{"type": "custom"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"tool_choice": "auto"}, "tool_choice"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": "json"}, "response_format"),
        ({"reasoning_effort": "much"}, "reasoning_effort"),
        ({"reasoning": {"effort": "much"}}, "reasoning.effort"),
        ({"reasoning": {"enabled": "no"}}, "reasoning.enabled"),
    ],
)
def test_a_bad_parameter_is_named(client: Client, body: dict[str, Any], param: str) -> None:
    response = client.chat(**body)
    error = response.json()["error"]
    assert response.status_code == 400
    assert error["param"] == param
    assert error["type"] == "invalid_request_error"
    assert error["message"].endswith(".")


def test_a_missing_model_is_named(client: Client) -> None:
    response = client.request("POST", "/chat/completions", json={"messages": []})
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "model"


def test_an_unknown_model_is_not_found(client: Client) -> None:
    response = client.chat(model="demo/other")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"


def test_a_model_cannot_be_hidden_behind_a_lookup(client: Client) -> None:
    assert client.request("GET", "/models/demo/other").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("GET", "/chat/completions", "POST"), ("PUT", "/completions", "POST"), ("DELETE", "/models", "GET")],
)
def test_a_wrong_method_is_told_the_right_one(client: Client, method: str, path: str, allow: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allow


def test_an_unknown_path_is_not_found(client: Client) -> None:
    assert client.request("POST", "/embeddings").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000, b'{"model": NaN}'])
def test_a_body_that_is_no_json_object_is_refused(client: Client, body: bytes) -> None:
    response = client.request("POST", "/chat/completions", content=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_json"


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    response = client.request("POST", "/chat/completions", content=b" " * (LARGEST_BODY + 1))
    assert response.status_code == 413


def test_a_body_that_hides_its_size_is_refused(client: Client) -> None:
    async def endless() -> Any:
        for _ in range(21):
            yield b" " * 1024 * 1024

    assert client.request("POST", "/chat/completions", content=endless()).status_code == 413


def test_a_prompt_over_the_context_is_refused(client: Client) -> None:
    response = client.chat("word " * 40_000)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "context_length_exceeded"


def test_a_prompt_of_many_megabytes_is_refused_quickly(client: Client) -> None:
    body = orjson.dumps({"model": "demo/ngram", "prompt": "a" * 15_000_000})
    response = client.request("POST", "/completions", content=body)
    assert response.json()["error"]["code"] == "context_length_exceeded"


def test_the_ngram_model_sees_no_images(client: Client) -> None:
    parts = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]
    response = client.chat(messages=[{"role": "user", "content": parts}])
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "messages[0].content"


@pytest.mark.parametrize("prompt", [None, 5, ["a"]])
def test_a_completion_needs_a_prompt_in_text(client: Client, prompt: Any) -> None:
    response = client.request("POST", "/completions", json={"model": "demo/ngram", "prompt": prompt})
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "prompt"


def test_null_is_the_same_as_not_set(client: Client) -> None:
    nothing = dict.fromkeys(
        ("temperature", "stop", "tools", "n", "logprobs", "response_format", "logit_bias")
    )
    assert client.chat(**nothing, max_tokens=1).status_code == 200


def test_unknown_keys_are_ignored(client: Client) -> None:
    assert client.chat(user="someone", metadata={"a": "b"}, max_tokens=1).status_code == 200


KEY_NAMES = """
    model messages prompt tools tool_choice response_format stop n stream logprobs logit_bias reasoning echo
    type function name parameters role content text image_url url tool_calls tool_call_id id schema 0
"""
KEYS = st.sampled_from(KEY_NAMES.split())
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 3)
    | st.floats(-1, 2)
    | st.sampled_from(["user", "tool", "text", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=st.sampled_from(["demo/ngram", "demo/showcase"]), body=st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_json_gets_an_answer_or_an_error_with_words(
    client: Client, model: str, body: dict[str, Any]
) -> None:
    for path in ("/chat/completions", "/completions"):
        response = client.request(
            "POST", path, json={"messages": QUESTION, **body, "model": model, "max_tokens": 3}
        )
        assert response.status_code in (200, 400)
        if response.status_code == 400:
            assert response.json()["error"]["message"]

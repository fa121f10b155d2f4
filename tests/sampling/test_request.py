"""What is set in the panel is what is sent, in every dialect: neither more nor less."""

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as some

from chat.code import as_sent
from chat.completions import DIALECTS, build_chat_body
from chat.completions.request import encode_body
from chat.inspector import exported
from chat.models import Exchange, Generation
from chat.models.ordered_json import OrderedJSONField
from chat.sampling import BY_NAME, PARAMETERS, Parameter, contradiction, payload
from chat.snippets.json_text import write_json

MESSAGES = [{"role": "user", "content": "Hi"}]
OWN_KEYS = {"model", "messages", "stream", "stream_options"}


def values(parameter: Parameter) -> some.SearchStrategy[Any]:
    low, high = parameter.minimum, parameter.maximum
    match parameter.kind:
        case "number":
            return some.floats(low, high)
        case "integer":
            return some.integers(int(low or 0), int(high or 0) if high != float(2**63 - 1) else 2**63 - 1)
        case "choice":
            return some.sampled_from(parameter.choices)
        case "text":
            return some.text(min_size=1)
        case "lines":
            return some.lists(some.text(min_size=1), min_size=1, max_size=parameter.most)
        case "bias":
            tokens = some.integers(0, 10**6).map(str)
            return some.dictionaries(tokens, some.integers(-100, 100), min_size=1)
        case _:
            return some.dictionaries(
                some.text(min_size=1).filter(lambda key: key not in OWN_KEYS), some.integers()
            )


any_settings = some.fixed_dictionaries({}, optional={p.name: values(p) for p in PARAMETERS}).filter(
    lambda settings: contradiction(settings) is None
)


@effort(max_examples=1000, deadline=None)
@given(any_settings, some.sampled_from(sorted(DIALECTS)))
def test_the_keys_of_a_request_are_those_of_what_is_set(settings: dict[str, Any], dialect: str) -> None:
    body = build_chat_body(dialect, "m", MESSAGES, settings)
    wanted: set[str] = set()
    for name, value in settings.items():
        if BY_NAME[name].taken_by(dialect):
            wanted |= set(BY_NAME[name].sent(dialect, value, settings))
    assert set(body) - OWN_KEYS == wanted - OWN_KEYS
    assert body["stream"] is (settings.get("stream") != "off")


@effort(max_examples=1000, deadline=None)
@given(any_settings, some.sampled_from(sorted(DIALECTS)))
def test_what_was_sent_is_what_is_inspected_taken_away_and_sent_again(
    settings: dict[str, Any], dialect: str
) -> None:
    """All of them read the one stored request, which the database gives back as it was: each key, in its place."""
    body = build_chat_body(dialect, "m", MESSAGES, settings)
    sent = encode_body(body)
    stored = OrderedJSONField()
    call = Generation(request=json.loads(stored.get_db_prep_value(body, connection)))
    Exchange(generation=call)
    keys = list(json.loads(sent))
    assert list(json.loads(write_json(call.request))) == keys
    assert list(exported(call)["request"]["body"]) == keys
    assert list(as_sent(call).body) == keys
    assert encode_body(call.request) == sent


@pytest.mark.parametrize(
    ("dialect", "settings", "body"),
    [
        ("together", {"logprobs": 3}, {"logprobs": 3}),
        ("openai", {"logprobs": 3}, {"logprobs": True, "top_logprobs": 3}),
        ("openai", {"logprobs": 0}, {"logprobs": True}),
        ("mistral", {"seed": 7, "top_k": 5, "user": "x"}, {"random_seed": 7}),
        ("llamacpp", {"repetition_penalty": 1.1}, {"repeat_penalty": 1.1}),
        ("together", {"reasoning": "off"}, {"reasoning": {"enabled": False}}),
        ("deepseek", {"reasoning": "off"}, {"thinking": {"type": "disabled"}}),
        ("vllm", {"reasoning": "on"}, {"chat_template_kwargs": {"enable_thinking": True}}),
        (
            "openrouter",
            {"reasoning": "on", "reasoning_effort": "low"},
            {"reasoning": {"enabled": True, "effort": "low"}},
        ),
        ("openai", {"reasoning": "on"}, {}),
        ("together", {"stop": ["\n", "END"]}, {"stop": ["\n", "END"]}),
        ("together", {"extra": {"top_k": 9, "new": None}, "top_k": 5}, {"top_k": 9, "new": None}),
        (
            "together",
            {"response_format": "json_object", "schema": {"type": "object"}},
            {"response_format": {"type": "json_object"}},
        ),
        ("openai", {"schema": {"type": "object"}}, {}),
    ],
)
def test_each_dialect_gets_its_own_form(dialect: str, settings: dict[str, Any], body: dict[str, Any]) -> None:
    assert payload(settings, dialect) == body


def test_a_schema_goes_with_its_response_format() -> None:
    schema = {"type": "object"}
    sent = payload({"response_format": "json_schema", "schema": schema}, "together")
    assert sent["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema},
    }


def test_what_contradicts_is_named() -> None:
    assert contradiction({"response_format": "json_schema"}) == (
        "schema",
        "The response format json_schema needs a schema here.",
    )
    found = contradiction({"extra": {"model": "another"}})
    assert found
    assert found[0] == "extra"
    assert "model is set elsewhere" in found[1]
    assert contradiction({"extra": {"top_a": 1}}) is None

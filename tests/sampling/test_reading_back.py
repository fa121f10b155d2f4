"""From a request back to the settings: for every dialect what went in comes out again."""

from typing import Any

import pytest

from chat.completions import DIALECTS, build_chat_body
from chat.sampling import PARAMETERS, settings_in

EVERYTHING: dict[str, Any] = {
    "temperature": 0.7, "top_p": 1, "top_k": 3, "min_p": 0.1, "repetition_penalty": 1.1, "presence_penalty": 0,
    "frequency_penalty": 1, "seed": 4, "max_tokens": 3, "stop": ["a"], "n": 2, "response_format": "json_schema",
    "schema": {"a": {"b": 1}}, "tool_choice": "auto", "reasoning": "off", "reasoning_effort": "low", "stream": "off",
    "logprobs": 5, "logit_bias": {"1": 2}, "echo": "on", "safety_model": "x",
    "context_length_exceeded_behavior": "error", "user": "u", "extra": {"foo": {"a": 1, "b": {}}, "bar": 1},
}  # fmt: skip


def taken(settings: dict[str, Any], dialect: str) -> dict[str, Any]:
    return {p.name: settings[p.name] for p in PARAMETERS if p.name in settings and p.taken_by(dialect)}


def there_and_back(settings: dict[str, Any], dialect: str) -> dict[str, object]:
    return settings_in(build_chat_body(dialect, "m", [], settings), dialect)


def test_every_parameter_is_among_them() -> None:
    assert set(EVERYTHING) == {parameter.name for parameter in PARAMETERS}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_all_at_once_comes_back(dialect: str) -> None:
    assert there_and_back(EVERYTHING, dialect) == taken(EVERYTHING, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", sorted(EVERYTHING.keys() - {"schema", "response_format"}))
def test_each_alone_comes_back(dialect: str, name: str) -> None:
    settings = {name: EVERYTHING[name]}
    assert there_and_back(settings, dialect) == taken(settings, dialect)


@pytest.mark.parametrize(
    "settings", [{}, {"stream": "on"}, {"logprobs": 0}, {"response_format": "json_object"}]
)
def test_the_least_comes_back_but_for_streaming_which_happens_anyway(settings: dict[str, Any]) -> None:
    expected = {name: value for name, value in settings.items() if name != "stream"}
    assert there_and_back(settings, "openai") == expected


@pytest.mark.parametrize(
    "body",
    [
        {"temperature": None, "response_format": "text", "reasoning_effort": ["odd"], "stop": {}},
        {"response_format": {"type": "json_schema"}, "logprobs": "many"},
        {"response_format": {"type": "grammar", "grammar": "x"}},
    ],
)
def test_what_nobody_set_here_stands_among_the_extra_parameters(body: dict[str, Any]) -> None:
    found = settings_in(body, "openai")
    extra = found.pop("extra", {})
    assert isinstance(extra, dict)
    assert {**found, **extra} == body

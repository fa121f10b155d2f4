"""The list of request parameters: what may be typed, and what is sent for it."""

import pytest

from chat.sampling import BY_NAME, PARAMETERS, Parameter, payload


def a_parameter(**changes: object) -> Parameter:
    fields = {"name": "top_k", "label": "Top K", "kind": "integer", "group": "Sampling", "help": "Some."}
    return Parameter(**{**fields, "minimum": 1, "maximum": 200, **changes})  # type: ignore[arg-type]


def test_a_setting_that_is_not_set_is_not_in_the_request() -> None:
    assert payload({}, "openai") == {}
    assert payload({"temperature": 0.0}, "openai") == {"temperature": 0.0}


def test_a_setting_that_no_parameter_has_is_never_sent() -> None:
    assert payload({"model": "another", "messages": [], "api_key": "x"}, "openai") == {}


def test_zero_is_a_value_like_any_other() -> None:
    numbers = {p.name: 0 for p in PARAMETERS if p.kind in ("number", "integer")}
    assert payload(numbers, "together") == numbers


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("temperature", "0", 0.0),
        ("temperature", " 0.7 ", 0.7),
        ("temperature", "2", 2.0),
        ("temperature", "1e-1", 0.1),
        ("top_p", "1", 1.0),
        ("max_tokens", "1", 1),
        ("max_tokens", "1000000", 1_000_000),
    ],
)
def test_what_is_typed_becomes_a_value(name: str, typed: str, value: float) -> None:
    parsed = BY_NAME[name].parse(typed)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("temperature", "warm", "Temperature must be a number, such as 0.7."),
        ("temperature", "0,7", "Temperature must be a number, such as 0.7."),
        ("temperature", "2.1", "Temperature must be from 0 to 2."),
        ("temperature", "-0.1", "Temperature must be from 0 to 2."),
        ("temperature", "nan", "Temperature must be from 0 to 2."),
        ("temperature", "inf", "Temperature must be from 0 to 2."),
        ("max_tokens", "1.5", "Max tokens must be a whole number, such as 256."),
        ("max_tokens", "0", "Max tokens must be from 1 to 1,000,000."),
        ("max_tokens", "9" * 100, "Max tokens must be from 1 to 1,000,000."),
    ],
)
def test_what_cannot_be_is_refused_in_words(name: str, typed: str, words: str) -> None:
    with pytest.raises(ValueError, match="must be") as refused:
        BY_NAME[name].parse(typed)
    assert str(refused.value) == words


def test_a_parameter_without_a_maximum_says_only_where_it_begins() -> None:
    assert a_parameter(maximum=None).range_in_words() == "at least 1"
    assert a_parameter(maximum=None).holds(10**9)


def test_a_dialect_may_have_another_key_for_it_or_none() -> None:
    renamed = a_parameter(wire={"vllm": "k"}, not_in=frozenset({"openai"}))
    assert (renamed.key("vllm"), renamed.key("together")) == ("k", "top_k")
    assert (renamed.taken_by("openai"), renamed.taken_by("vllm")) == (False, True)


def test_every_parameter_can_be_drawn_and_explained() -> None:
    for parameter in PARAMETERS:
        assert parameter.help.endswith(".")
        assert parameter.step > 0
        assert parameter.kind not in ("number", "integer") or parameter.range_in_words()
        assert (parameter.kind == "choice") == bool(parameter.choices)
    assert len(BY_NAME) == len(PARAMETERS)

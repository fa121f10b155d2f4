"""What a person types becomes a value, and the value becomes what the person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chat.sampling.typed import (
    Bad,
    escape,
    parse_bias,
    parse_lines,
    parse_object,
    show_bias,
    show_lines,
    show_object,
    unescape,
)

words = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | words,
    lambda inner: some.lists(inner) | some.dictionaries(words, inner),
)


@given(some.text())
def test_an_escaped_text_has_one_line_and_comes_back(text: str) -> None:
    assert "\n" not in escape(text)
    assert unescape(escape(text)) == text


@given(some.lists(some.text(min_size=1)))
def test_a_list_comes_back_from_its_lines(lines: list[str]) -> None:
    assert parse_lines(show_lines(lines)) == lines


def test_a_backslash_before_anything_else_is_a_backslash() -> None:
    assert parse_lines(r"\n\n" + "\n" + r"C:\dir" + "\n" + "\\") == ["\n\n", r"C:\dir", "\\"]


@given(some.dictionaries(words, json_values))
def test_an_object_comes_back(value: dict[str, object]) -> None:
    assert parse_object(show_object(value)) == value


@pytest.mark.parametrize(
    "typed", ["", "[]", "1", "{", '{"a": NaN}', "{'a': 1}", "[" * 100_000, '{"a":' * 102 + "1" + "}" * 102]
)
def test_what_is_no_object_is_refused(typed: str) -> None:
    with pytest.raises(Bad, match="a JSON object"):
        parse_object(typed)


def test_a_bias_is_a_line_or_the_object_of_the_api() -> None:
    assert parse_bias("17: -100\n50256: 1.5") == {"17": -100, "50256": 1.5}
    assert parse_bias('{"17": -100}') == {"17": -100}
    assert show_bias({"17": -100, "50256": 1.5}) == "17: -100\n50256: 1.5"


@pytest.mark.parametrize(
    "typed", ["17", "word: 1", "17: loud", "17: 101", "17: nan", "-1: 5", '{"17": [1]}', "17: inf"]
)
def test_what_is_no_bias_is_refused(typed: str) -> None:
    with pytest.raises(Bad):
        parse_bias(typed)


@pytest.mark.parametrize("text", [r'{"a": "\u0000"}', r'{"\u0000": 1}', r'{"a": [{"b": "x\u0000"}]}'])
def test_an_object_with_a_nul_could_not_be_stored(text: str) -> None:
    with pytest.raises(Bad, match="NUL"):
        parse_object(text)


def test_the_letters_of_an_escape_are_no_nul() -> None:
    assert parse_object(r'{"a": "\\u0000"}') == {"a": r"\u0000"}

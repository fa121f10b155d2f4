"""How many tokens a text is, where nobody has counted yet."""

from typing import Any

import pytest

from chat.estimates import BYTES_PER_TOKEN, Rate, bytes_of, bytes_of_request, bytes_per_token, known_prices


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("four", 4), ("né", 3), ("漢字", 6), ("👩", 4), ("\ud800", 3), ("a\0b", 3)]
)
def test_a_text_is_as_long_as_its_utf_8(text: str, size: int) -> None:
    assert bytes_of(text) == size


def test_four_bytes_are_a_token_and_a_begun_one_counts() -> None:
    rate = Rate()
    assert [rate.tokens(size) for size in (0, 1, 4, 5, 4000)] == [0, 1, 1, 2, 1000]


def test_a_provider_that_has_counted_is_believed() -> None:
    assert bytes_per_token(3000, 1000) == 3.0
    assert Rate(3.0).is_calibrated
    assert not Rate().is_calibrated


@pytest.mark.parametrize(("size", "counted"), [(4000, None), (4000, 0), (4000, 7), (10, 4000), (0, 5)])
def test_a_count_that_cannot_be_of_the_text_is_not_believed(size: int, counted: int | None) -> None:
    assert bytes_per_token(size, counted) == BYTES_PER_TOKEN


def test_everything_that_is_words_counts() -> None:
    bare = bytes_of_request({"messages": [{"role": "user", "content": ""}]})
    parts = [{"type": "text", "text": "12345"}, {"type": "image_url", "image_url": {"url": "data:..."}}]
    assert bytes_of_request({"messages": [{"content": "12345"}]}) == bare + 5
    assert bytes_of_request({"messages": [{"content": parts}]}) == bare + 5
    assert bytes_of_request({"messages": [{"content": None, "tool_calls": [{"id": "1"}]}]}) == bare + 13
    assert bytes_of_request({"messages": [{"content": ""}], "tools": [{"a": 1}]}) == bare + 10


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"messages": None, "tools": []}])
def test_what_says_nothing_is_nothing(body: dict[str, Any]) -> None:
    assert bytes_of_request(body) == 0


def test_an_estimate_is_told_in_the_words_of_a_usage() -> None:
    told = Rate(4.0, (1.0, 10.0)).estimate(4000, 400)
    assert told == {"prompt_tokens": 1000, "completion_tokens": 100, "cost": pytest.approx(0.002)}
    assert Rate(4.0).estimate(4000)["cost"] is None


def test_what_is_free_has_a_price_and_costs_nothing() -> None:
    assert Rate(4.0, (0.0, 0.0)).estimate(4000)["cost"] == 0
    assert not Rate(4.0, (0.0, 0.0)).is_priced
    assert not Rate(4.0).is_priced
    assert Rate(4.0, (0.0, 1.0)).is_priced


@pytest.mark.parametrize("prices", [[], [None, None, None], [1.0, None, None], [None, 1.0, None]])
def test_half_a_price_list_is_none(prices: list[float | None]) -> None:
    assert known_prices(prices) is None


def test_in_and_out_are_enough() -> None:
    assert known_prices([1.0, 2.0, None]) == (1.0, 2.0)

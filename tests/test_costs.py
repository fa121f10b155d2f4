"""What a call cost: the provider's word, else its prices and its count, else nothing."""

from typing import Any

import pytest

from chat.costs import cost_of, in_dollars


@pytest.mark.parametrize(
    ("usage", "prices", "cost"),
    [
        ({"prompt_tokens": 1000, "completion_tokens": 500}, [2.0, 6.0, None], 0.005),
        ({"prompt_tokens": 1000, "completion_tokens": 0, "cached_tokens": 400}, [2.0, 6.0, 0.5], 0.0014),
        ({"prompt_tokens": 1000, "completion_tokens": 0, "cached_tokens": 400}, [2.0, 6.0, None], 0.002),
        ({"prompt_tokens": 10, "completion_tokens": 0, "cached_tokens": 400}, [1.0, 1.0, 0.0], 0.0),
        ({"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.25}, [2.0, 6.0, None], 0.25),
        ({"prompt_tokens": None, "completion_tokens": 1}, [2.0, 6.0, None], None),
        ({"prompt_tokens": 1, "completion_tokens": 1}, [None, 6.0, None], None),
        ({"prompt_tokens": 1, "completion_tokens": 1}, [], None),
        (None, [2.0, 6.0, None], None),
    ],
)
def test_a_cost_is_known_or_it_is_not_there(
    usage: Any, prices: list[float | None], cost: float | None
) -> None:
    assert cost_of(usage, prices) == (None if cost is None else pytest.approx(cost))


@pytest.mark.parametrize(
    ("cost", "words"),
    [(0, "$0"), (0.0000012, "$0.0000012"), (0.00084, "$0.00084"), (0.5, "$0.5000"), (1234.5, "$1,234.50")],
)
def test_a_small_sum_keeps_its_figures(cost: float, words: str) -> None:
    assert in_dollars(cost) == words

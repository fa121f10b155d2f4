"""Each control, by its effect on what is drawn."""

import math
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from chat.demo.ngram.counts import Counts
from chat.demo.ngram.distribution import Distribution, Unigrams
from chat.demo.ngram.sampler import Sampler
from chat.demo.request import Sampling

SIZE = 10
UNIGRAMS = Unigrams(Counts([0, 0, 0, 1, 1, 2, 3, 4, 5]), SIZE)
# Token 6 has most, 7 and 8 less; the others share the tail.
DISTRIBUTION = Distribution(
    UNIGRAMS, {6: 0.5, 7: 0.25, 8: 0.15}, 0.1 / (1 - sum(UNIGRAMS.probabilities[6:9]))
)


def draw(times: int = 4000, prompt: Sequence[int] = (), **controls: Any) -> Counter[int]:
    """What fresh samplers draw first, each with its own seed."""
    given = Sampling(**{"temperature": 1.0, **controls})
    return Counter(Sampler(given, prompt, Random(seed)).pick(DISTRIBUTION) for seed in range(times))


def draw_on(times: int, **controls: Any) -> list[int]:
    """What one sampler draws, one after another."""
    sampler = Sampler(Sampling(**{"temperature": 1.0, **controls}), (), Random(1))
    return [sampler.pick(DISTRIBUTION) for _ in range(times)]


def entropy(counts: Counter[int]) -> float:
    total = counts.total()
    return -sum(count / total * math.log(count / total) for count in counts.values())


def test_temperature_one_draws_from_the_models_own_distribution() -> None:
    counts = draw(20_000)
    for token in range(SIZE):
        assert counts[token] / 20_000 == pytest.approx(DISTRIBUTION.probability(token), abs=0.015)


def test_temperature_zero_takes_the_likeliest() -> None:
    assert set(draw(50, temperature=0)) == {6}


@pytest.mark.parametrize("temperature", [1e-300, 1e-9, 0.001])
def test_a_tiny_temperature_takes_the_likeliest(temperature: float) -> None:
    assert set(draw(50, temperature=temperature)) == {6}


def test_a_higher_temperature_raises_the_entropy() -> None:
    low, middle, high = (entropy(draw(temperature=temperature)) for temperature in (0.3, 1.0, 2.0))
    assert low < middle < high


def test_top_k_one_is_greedy() -> None:
    assert set(draw(50, temperature=2, top_k=1)) == {6}


def test_top_k_keeps_that_many() -> None:
    assert set(draw(top_k=3, temperature=2)) == {6, 7, 8}
    assert len(draw(top_k=5, temperature=2)) == 5


def test_a_top_k_over_the_vocabulary_changes_nothing() -> None:
    assert draw(top_k=1000) == draw(top_k=SIZE)


def test_top_p_keeps_the_nucleus() -> None:
    assert set(draw(top_p=0.4)) == {6}
    assert set(draw(top_p=0.6)) == {6, 7}
    assert set(draw(top_p=0.8)) == {6, 7, 8}


def test_top_p_zero_keeps_the_likeliest() -> None:
    assert set(draw(50, top_p=0)) == {6}


def test_top_p_counts_what_top_k_has_left() -> None:
    assert set(draw(top_k=2, top_p=0.6)) == {6}  # 0.5 is two thirds of 0.75


def test_min_p_keeps_those_near_the_likeliest() -> None:
    assert set(draw(min_p=0.4)) == {6, 7}
    assert set(draw(min_p=1)) == {6}


def test_min_p_acts_after_the_temperature() -> None:
    assert set(draw(min_p=0.4, temperature=2)) == {6, 7, 8}  # the square root of 0.3 is over 0.4


def test_a_bias_of_minus_100_bans() -> None:
    assert 6 not in draw(logit_bias={6: -100})
    assert set(draw(50, temperature=0, logit_bias={6: -100})) == {7}


def test_a_bias_of_100_forces_even_a_token_of_the_tail() -> None:
    assert set(draw(50, logit_bias={3: 100})) == {3}
    assert set(draw(50, temperature=0, logit_bias={3: 100})) == {3}


def test_a_small_bias_moves_the_odds() -> None:
    assert draw(logit_bias={8: 2})[8] > 2 * draw()[8]


def test_everything_likely_banned_leaves_the_tail() -> None:
    ban = dict.fromkeys((6, 7, 8), -100.0)
    assert set(draw(logit_bias=ban)) <= set(range(6)) | {9}
    assert set(draw(50, temperature=0.001, logit_bias=ban)) == {0}


def test_a_repetition_penalty_lowers_what_the_prompt_has() -> None:
    assert draw(prompt=[6], repetition_penalty=2)[6] < draw(prompt=[6])[6] * 0.8
    assert draw(prompt=[7], repetition_penalty=0.5)[7] > draw(prompt=[7])[7]


def test_a_repetition_penalty_lowers_what_was_drawn() -> None:
    assert draw_on(2, temperature=0, repetition_penalty=3) == [6, 7]


def test_a_presence_penalty_lowers_what_was_drawn_but_not_the_prompt() -> None:
    assert draw_on(2, temperature=0, presence_penalty=1) == [6, 7]
    assert draw(prompt=[6], presence_penalty=2) == draw(prompt=[6])


def test_a_presence_penalty_counts_once_and_a_frequency_penalty_each_time() -> None:
    once = draw_on(30, temperature=0, presence_penalty=0.5)
    each = draw_on(30, temperature=0, frequency_penalty=0.5)
    assert set(once) == {6}  # half a unit is less than the lead of token 6
    assert set(each) > {6, 7, 8}


def test_a_negative_penalty_invites_repetition() -> None:
    assert Counter(draw_on(200, frequency_penalty=-2)).most_common(1)[0][1] > 150


def test_the_same_seed_draws_the_same() -> None:
    assert draw_on(50) == draw_on(50)

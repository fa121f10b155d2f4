"""How many tokens a call used: the same few numbers, wherever a provider puts them."""

import pytest

from tests.upstream import (
    events,
)

from .asking import STOP, USAGE, ask, chunk


@pytest.mark.parametrize(
    "last",
    [
        [chunk(finish="stop") | {"usage": USAGE}],
        [STOP, {"choices": [], "usage": USAGE}],
        [STOP, {"choices": [], "usage": USAGE}, {"choices": []}],
        [STOP | {"usage": {"prompt_tokens": 1}}, {"choices": None, "usage": USAGE}],
        [STOP, {"choices": [], "x_groq": {"usage": USAGE}}],
        [STOP, {"usage": USAGE}],
    ],
    ids=[
        "with the finish",
        "alone",
        "before an empty chunk",
        "on every chunk",
        "in x_groq",
        "without choices",
    ],
)
def test_usage_is_found_wherever_it_stands(upstream, last):
    heard = ask(upstream, events(chunk(content="x"), *last))
    assert heard.error is None
    assert heard.usage is not None
    assert (heard.usage.prompt_tokens, heard.usage.completion_tokens) == (20, 31)
    assert heard.events[-1] == heard.usage


@pytest.mark.parametrize(
    ("usage", "cached", "reasoning"),
    [
        (
            {
                "prompt_tokens_details": {"cached_tokens": 16},
                "completion_tokens_details": {"reasoning_tokens": 24},
            },
            16,
            24,
        ),
        ({"cached_tokens": 16, "reasoning_tokens": 24}, 16, 24),
        ({"prompt_cache_hit_tokens": 16, "prompt_cache_miss_tokens": 4}, 16, None),
        ({"num_cached_tokens": 16}, 16, None),
        ({"prompt_tokens_details": None, "completion_tokens_details": None}, None, None),
        ({"cached_tokens": -1, "reasoning_tokens": "many", "completion_tokens": None}, None, None),
        ({"cached_tokens": 2**60, "reasoning_tokens": True}, None, None),
    ],
)
def test_the_details_of_usage_are_read_in_both_places(upstream, usage, cached, reasoning):
    heard = ask(upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, **usage}}))
    assert heard.usage is not None
    assert (heard.usage.cached_tokens, heard.usage.reasoning_tokens) == (cached, reasoning)


@pytest.mark.parametrize("cost", [-0.01, "free", True, 1e999])
def test_a_cost_that_is_none_is_unknown(upstream, cost):
    heard = ask(upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, "cost": cost}}))
    assert heard.usage is not None
    assert heard.usage.cost is None


def test_a_cost_in_dollars_is_kept(upstream):
    heard = ask(
        upstream, events(chunk(content="x"), STOP, {"usage": {**USAGE, "cost": 0.0021, "is_byok": False}})
    )
    assert heard.usage is not None
    assert heard.usage.cost == 0.0021
    assert heard.usage.raw["is_byok"] is False


def test_an_answer_without_usage_has_none(upstream):
    heard = ask(upstream, events(chunk(content="x"), STOP))
    assert heard.error is None
    assert heard.usage is None

"""Blind rounds: an order that nobody can foresee, of panes that are worth it."""

from collections import Counter
from itertools import permutations
from typing import Any

import pytest

from chat.comparisons import blind
from chat.comparisons.blind import begin_round, shuffled
from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Pane, Prompt, Provider
from chat.refusals import Refused

from .answering import answered, of_models

pytestmark = pytest.mark.django_db
DRAWS = 10_000
# A fair draw is above these once in a million times: the chi-square with 5 degrees of freedom, and the greatest of
# eight of them with 7.
BOUND_OF_ORDERS = 35.9
BOUND_OF_PLACES = 45.3


# Which stands where


def unevenness(counts: Counter[Any], kinds: int) -> float:
    """The chi-square of what should be equally many of each."""
    expected = counts.total() / kinds
    return sum((count - expected) ** 2 for count in counts.values()) / expected + expected * (
        kinds - len(counts)
    )


def test_all_orders_of_three_panes_are_equally_likely() -> None:
    panes = [Pane() for _ in range(3)]
    drawn = Counter(tuple(panes.index(pane) for pane in shuffled(panes)) for _ in range(DRAWS))
    assert set(drawn) == set(permutations(range(3)))
    assert unevenness(drawn, 6) < BOUND_OF_ORDERS


def test_each_of_eight_panes_is_equally_likely_in_each_place() -> None:
    panes = [Pane() for _ in range(8)]
    orders = [shuffled(panes) for _ in range(DRAWS)]
    for pane in panes:
        assert unevenness(Counter(order.index(pane) for order in orders), 8) < BOUND_OF_PLACES


def test_a_draw_that_never_gives_one_order_is_noticed() -> None:
    """So that the bounds are none for nothing."""
    orders = list(permutations(range(3)))
    assert unevenness(Counter(dict.fromkeys(orders[:-1], DRAWS // 5)), 6) > BOUND_OF_ORDERS
    assert (
        unevenness(Counter({order: 1600 + 80 * number for number, order in enumerate(orders)}), 6)
        > BOUND_OF_ORDERS
    )


def test_nothing_but_chance_gives_the_order(open_one: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind, "shuffled", lambda panes: [panes[2], panes[0], panes[1]])
    assert [pane.conversation.model for pane in begin_round(open_one).shown_panes()] == [
        "three",
        "one",
        "two",
    ]


def test_ids_and_times_say_no_more_than_the_places(
    open_one: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not as they stood before: by chance they would, one time in six.
    monkeypatch.setattr(blind, "shuffled", lambda panes: list(reversed(panes)))
    panes = begin_round(open_one).shown_panes()
    conversations = [pane.conversation for pane in panes]
    for key in (lambda each: each.pk, lambda each: each.created_at, lambda each: each.active_at):
        assert sorted(conversations, key=key) == conversations
    assert sorted(panes, key=lambda pane: pane.pk) == panes
    assert len({conversation.version for conversation in conversations}) == 1


# What a round is


def test_a_round_has_the_same_models_prompts_and_settings_and_no_history(
    alice: Any, provider: Provider
) -> None:
    settings = {"temperature": 0.5, "stop": ["x"]}
    source = of_models(alice, provider, "one", "two", system_prompt="Be brief.", settings=settings, title="T")
    answered(source)
    found = begin_round(source)
    assert (found.blind, found.revealed_at, found.title, found.owner) == (True, None, "", alice)
    assert found.hides
    conversations = [pane.conversation for pane in found.shown_panes()]
    assert {each.model for each in conversations} == {"one", "two"}
    for each in conversations:
        assert (each.provider, each.system_prompt, each.settings) == (provider, "Be brief.", settings)
        assert (each.blind, each.listed, each.tip, each.title) == (True, False, None, "")
    assert not source.hides
    assert not any(pane.conversation.blind for pane in source.shown_panes())


def test_panes_that_are_all_alike_are_no_round(alice: Any, provider: Provider) -> None:
    with pytest.raises(Refused, match="All panes are alike"):
        begin_round(of_models(alice, provider, "one", "one"))
    assert Comparison.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [{"model": "two"}, {"settings": {"temperature": 1}}, {"system_prompt": "Hm"}, {"variables": {"a": "b"}}],
)
def test_one_thing_that_differs_is_enough(alice: Any, provider: Provider, other: dict[str, Any]) -> None:
    usual = {"owner": alice, "provider": provider, "model": "one"}
    assert begin_round(compare(alice, [Conversation(**usual), Conversation(**{**usual, **other})])).hides


@pytest.mark.parametrize("change", [{"provider": None}, {"model": ""}])
def test_a_pane_without_a_model_is_named_before_names_are_hidden(
    open_one: Comparison, change: dict[str, Any]
) -> None:
    Conversation.objects.filter(pk=open_one.shown_panes()[1].conversation_id).update(**change)
    with pytest.raises(Refused, match="Pane 2: choose a model first"):
        begin_round(open_one)


def test_a_removed_provider_is_no_provider(open_one: Comparison) -> None:
    Provider.objects.update(removed=True)
    with pytest.raises(Refused, match="Pane 1"):
        begin_round(open_one)


def test_a_prompt_without_its_values_is_named_too(alice: Any, open_one: Comparison) -> None:
    version = Prompt.objects.create(owner=alice, name="Mine").save_version("For {{audience}}", [])
    last = open_one.shown_panes()[2].conversation
    last.use_prompt(version)
    last.save()
    with pytest.raises(Refused, match=r"Pane 3: .*audience"):
        begin_round(open_one)
    assert Comparison.objects.count() == 1

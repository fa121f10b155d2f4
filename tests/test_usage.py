"""The books added up: sums, medians, errors, and the days on which nothing was asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from chat.models import Charge
from chat.models.identifiers import new_id
from chat.usage import percentile, usage_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def book(owner: Any, day: date = TODAY, **fields: Any) -> Charge:
    usual = {"provider": "Together", "model": "small", "status": "finished"}
    return Charge.objects.create(id=new_id(), owner=owner, day=day, **{**usual, **fields})


def test_nothing_is_nothing(alice: Any) -> None:
    usage = usage_of(alice, None, "day", TODAY)
    assert usage.rows == []
    assert [row.calls for row in usage.days] == [0]
    assert usage.total.first_token_median is None
    assert usage.total.error_share == 0


def test_a_row_adds_up_what_is_known(alice: Any) -> None:
    book(alice, prompt_tokens=10, completion_tokens=4, cached_tokens=2, reasoning_tokens=1, cost=0.5)
    book(alice, prompt_tokens=20, estimated=True, cost=0.25)
    book(alice, status="failed")
    book(alice, status="interrupted")
    book(alice, status="stopped")
    [row] = usage_of(alice, None, "day", TODAY).rows
    assert (row.name, row.calls, row.errors, row.estimated) == ("2026-03-10", 5, 2, 1)
    assert row.error_share == 40
    assert (row.prompt_tokens, row.completion_tokens, row.cached_tokens, row.reasoning_tokens) == (
        30,
        4,
        2,
        1,
    )
    assert row.cost == 0.75


@pytest.mark.parametrize("by", ["day", "model", "provider"])
def test_medians_are_of_all_calls_of_a_row(alice: Any, by: str) -> None:
    for first_token, speed in ((100, 10.5), (300, 30.0), (200, None), (None, None)):
        book(alice, first_token=first_token, speed=speed)
    [row] = usage_of(alice, None, by, TODAY).rows
    assert (row.first_token_median, row.first_token_p95) == (200, 290)
    assert row.speed_median == 20.25


def test_days_go_from_the_newest_and_models_from_the_dearest(alice: Any) -> None:
    book(alice, TODAY - timedelta(days=1), model="small", cost=1)
    book(alice, model="large", cost=5)
    book(alice, model="free")
    assert [row.name for row in usage_of(alice, None, "day", TODAY).rows] == ["2026-03-10", "2026-03-09"]
    assert [row.name for row in usage_of(alice, None, "model", TODAY).rows] == ["large", "small", "free"]


def test_one_model_at_two_providers_is_two(alice: Any) -> None:
    book(alice, provider="Together")
    book(alice, provider="Other")
    book(alice, provider="")
    assert len(usage_of(alice, None, "model", TODAY).rows) == 3
    assert {row.name for row in usage_of(alice, None, "provider", TODAY).rows} == {
        "Together",
        "Other",
        "unknown",
    }


def test_only_the_days_asked_for_and_all_of_them_in_the_charts(alice: Any) -> None:
    book(alice, TODAY - timedelta(days=7))
    book(alice, TODAY - timedelta(days=2))
    usage = usage_of(alice, TODAY - timedelta(days=6), "model", TODAY)
    assert usage.total.calls == 1
    assert [row.calls for row in usage.days] == [0, 0, 0, 0, 1, 0, 0]
    assert len(usage_of(alice, None, "day", TODAY).days) == 8


def test_somebody_elses_books_are_closed(alice: Any, bob: Any) -> None:
    book(bob, cost=5)
    assert usage_of(alice, None, "day", TODAY).total.calls == 0


def test_it_is_one_query_however_much_there_is(alice: Any, django_assert_num_queries: Any) -> None:
    for number in range(30):
        book(alice, TODAY - timedelta(days=number), model=f"model {number % 4}")
    with django_assert_num_queries(1):
        usage_of(alice, None, "model", TODAY)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([], 0.5, None), ([7.0], 0.95, 7.0), ([1.0, 2.0], 0.5, 1.5), ([1.0, 2.0, 3.0, 4.0, 5.0], 0.95, 4.8)],
)
def test_a_percentile_lies_between_its_neighbours(
    values: list[float], share: float, found: float | None
) -> None:
    assert percentile(values, share) == (found if found is None else pytest.approx(found))

"""The list of conversations: newest first, by day, page after page."""

from datetime import timedelta
from math import ceil
from typing import Any

import pytest
from django.utils import timezone

from chat.history import CONVERSATIONS_ON_A_PAGE, page_of
from chat.history.pages import day_name
from chat.models import Conversation

from .listing import compared, talk, titles, walked

pytestmark = pytest.mark.django_db


def test_an_empty_history_says_so(alice: Any) -> None:
    assert page_of(alice).empty
    assert page_of(alice).after == ""


def test_the_newest_comes_first(alice: Any) -> None:
    now = timezone.now()
    for number, title in enumerate(("newest", "middle", "oldest")):
        talk(alice, title, active_at=now - timedelta(minutes=number))
    assert titles(page_of(alice)) == ["newest", "middle", "oldest"]


def test_it_holds_nothing_of_others_and_nothing_that_was_deleted_or_never_begun(alice: Any, bob: Any) -> None:
    talk(bob, "Bob's")
    talk(alice, "deleted").delete_for_now()
    Conversation.objects.create(owner=alice, title="empty")
    assert page_of(alice).empty


def test_pinned_ones_stand_first_and_only_on_the_first_page(alice: Any) -> None:
    talk(alice, "old but pinned", pinned=True, active_at=timezone.now() - timedelta(days=400))
    for number in range(CONVERSATIONS_ON_A_PAGE + 1):
        talk(alice, f"talk {number}")
    first = page_of(alice)
    assert first.groups[0][0] == "Pinned"
    assert titles(first)[0] == "old but pinned"
    assert "old but pinned" not in titles(page_of(alice, first.after))


def test_pages_follow_each_other_without_gap_or_repeat(alice: Any) -> None:
    same = timezone.now()
    made = {talk(alice, f"talk {n}", active_at=same - timedelta(hours=n // 7)).title for n in range(150)}
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = page_of(alice, after)
        seen += titles(page)
        after, pages = page.after, pages + 1
    assert pages == ceil(150 / CONVERSATIONS_ON_A_PAGE)
    assert len(seen) == 150
    assert set(seen) == made


def test_a_page_that_is_just_full_is_the_last(alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE):
        talk(alice, f"talk {number}")
    assert page_of(alice).after == ""


def test_a_far_page_costs_as_many_queries_as_the_first(alice: Any, django_assert_num_queries: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 5):
        talk(alice, f"talk {number}")
    with django_assert_num_queries(4):
        first = page_of(alice)
    with django_assert_num_queries(2):
        page_of(alice, first.after)


@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "~",
        "2026-01-01~",
        "2026-01-01T00:00:00+00:00~no-id",
        "2026-01-01T00:00:00~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "0001-01-01T00:00:00+23:59~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "9999-12-31T23:59:59-23:59~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "\x00~\x00",
    ],
)
def test_a_forged_place_is_no_place(alice: Any, forged: str) -> None:
    talk(alice)
    with pytest.raises(ValueError):  # noqa: PT011 - any words will do
        page_of(alice, forged)


def test_thousands_that_are_pinned_have_pages_too(alice: Any) -> None:
    """All can be pinned with one command."""
    now = timezone.now()
    names = [f"pinned {number}" for number in range(2 * CONVERSATIONS_ON_A_PAGE + 5)]
    for number, name in enumerate(names):
        make = compared if number % 7 == 0 else talk
        make(alice, name, pinned=True, active_at=now - timedelta(minutes=number))
    talk(alice, "newest of all")
    assert walked(alice) == [*names, "newest of all"]
    second = page_of(alice, page_of(alice).after)
    assert (second.goes_on, second.groups[0][0]) == ("Pinned", "Pinned")
    assert len(titles(second)) == CONVERSATIONS_ON_A_PAGE


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-1, "Today"), (0, "Today"), (1, "Yesterday"), (2, "Previous 7 days"), (7, "Previous 7 days"),
        (8, "Previous 30 days"), (30, "Previous 30 days"), (31, "Earlier"), (4000, "Earlier"),
    ],
)  # fmt: skip
def test_days_have_names(days: int, name: str) -> None:
    assert day_name(days) == name


def test_conversations_are_grouped_by_day(alice: Any) -> None:
    now = timezone.now()
    for days in (0, 0, 1, 3, 5, 100):
        talk(alice, active_at=now - timedelta(days=days))
    groups = [(name, len(rows)) for name, rows in page_of(alice).groups]
    assert groups == [("Today", 2), ("Yesterday", 1), ("Previous 7 days", 2), ("Earlier", 1)]

"""Rows by the page, newest first, as the history reads them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone


def three_at_each_moment(kind: Any, owner: Any) -> None:
    """Nine rows: where moments are the same, the ids must decide."""
    now = timezone.now()
    for number in range(9):
        kind.objects.create(owner=owner, active_at=now - timedelta(seconds=number // 3))


def walked_by_twos(kind: Any) -> list[Any]:
    walked: list[Any] = []
    rows = kind.objects.newest_first()
    while page := list(rows[:2]):
        walked += page
        rows = kind.objects.newest_first().before(page[-1].active_at, page[-1].pk)
    return walked

"""What was used and spent: a person's books, added up by day, by model or by provider."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Aggregate, Count, Q, Sum, TextField

from chat.models import Charge, Status

WENT_WRONG = (Status.FAILED, Status.INTERRUPTED)
TOKENS = ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens")


class Listed(Aggregate):
    """All values of a group as one text. Medians of a hundred thousand calls are read from it several times faster than
    rows could be fetched, or a database sorts them."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass
class Row:
    """One day, model or provider, or all of them."""

    name: str
    provider: str = ""
    calls: int = 0
    errors: int = 0
    estimated: int = 0
    cost: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    first_tokens: list[float] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)

    def add(self, sums: dict[str, Any]) -> None:
        for name in ("calls", "errors", "estimated", "cost", *TOKENS):
            setattr(self, name, getattr(self, name) + (sums[name] or 0))
        self.first_tokens += sums["first_tokens"]
        self.speeds += sums["speeds"]

    def sort(self) -> "Row":
        self.first_tokens.sort()
        self.speeds.sort()
        return self

    @property
    def error_share(self) -> float:
        return self.errors / self.calls * 100 if self.calls else 0.0

    @property
    def first_token_median(self) -> float | None:
        return percentile(self.first_tokens, 0.5)

    @property
    def first_token_p95(self) -> float | None:
        """One in twenty waits longer."""
        return percentile(self.first_tokens, 0.95)

    @property
    def speed_median(self) -> float | None:
        return percentile(self.speeds, 0.5)

    @property
    def speed_p95(self) -> float | None:
        return percentile(self.speeds, 0.95)


@dataclass(frozen=True, slots=True)
class Usage:
    rows: list[Row]
    days: list[Row]
    total: Row


def usage_of(user: User, since: date | None, by: str, today: date) -> Usage:
    """Rows by "day", newest first, or by "model" or "provider", dearest and then busiest first."""
    total, groups, days = Row("In all"), dict[Any, Row](), dict[str, Row]()
    for sums in _sums(user, since):
        for row in (total, _row(groups, sums, by), _row(days, sums, "day") if by != "day" else None):
            if row:
                row.add(sums)
    for row in (total, *groups.values(), *days.values()):
        row.sort()
    if by == "day":
        days = groups
    order = (lambda row: row.name) if by == "day" else (lambda row: (row.cost, row.calls, row.name))
    return Usage(
        sorted(groups.values(), key=order, reverse=True), list(_every_day(days, since, today)), total
    )


def percentile(ordered: list[float], share: float) -> float | None:
    """As PostgreSQL's percentile_cont has it: between two neighbours where it falls between them."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low, high = ordered[floor(place)], ordered[ceil(place)]
    return low + (high - low) * (place - floor(place))


def _sums(user: User, since: date | None) -> Iterator[dict[str, Any]]:
    """One for each day, provider and model: the one query of the page, along its index."""
    rows = (
        Charge.objects.of(user)
        .since(since)
        .values("day", "provider", "model")
        .order_by("day", "provider", "model")
    )
    added: Any = rows.annotate(
        calls=Count("pk"),
        errors=Count("pk", filter=Q(status__in=WENT_WRONG)),
        estimated_calls=Count("pk", filter=Q(estimated=True)),
        spent=Sum("cost"),
        **{f"sum_{name}": Sum(name) for name in TOKENS},
        first_tokens=Listed("first_token"),
        speeds=Listed("speed"),
    )
    for sums in added.iterator():
        yield {
            **sums,
            **{name: sums[f"sum_{name}"] for name in TOKENS},
            "cost": sums["spent"],
            "estimated": sums["estimated_calls"],
            "first_tokens": _numbers(sums["first_tokens"]),
            "speeds": _numbers(sums["speeds"]),
        }


def _numbers(text: str | None) -> list[float]:
    return list(map(float, text.split(","))) if text else []


def _row(rows: dict[Any, Row], sums: dict[str, Any], by: str) -> Row:
    """The row that these sums belong to. One model at two providers is two."""
    if by == "day":
        key, row = sums["day"].isoformat(), Row(sums["day"].isoformat())
    elif by == "provider":
        key, row = sums["provider"], Row(sums["provider"] or "unknown")
    else:
        key, row = (sums["provider"], sums["model"]), Row(sums["model"], sums["provider"])
    return rows.setdefault(key, row)


def _every_day(days: dict[str, Row], since: date | None, today: date) -> Iterator[Row]:
    """Also those on which nothing was asked: a chart must show that."""
    first = min([*days, (since or today).isoformat()])
    day = date.fromisoformat(first)
    while day <= today:
        yield days.get(day.isoformat(), Row(day.isoformat()))
        day += timedelta(days=1)

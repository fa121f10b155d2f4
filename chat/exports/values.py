"""Values as they stand in a file: the same whichever database they came from, and whether for the first time or not."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from chat.completions.characters import clean

# PostgreSQL writes a number above it without an exponent, so it comes back whole.
FIRST_WITH_EXPONENT = 1e16
LARGEST_WHOLE = 2**63
LARGEST_FLOAT = 10**308


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def moment(at: datetime) -> str:
    """In UTC, always to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def arranged(value: Any, *, sort: bool = True) -> Any:
    """Keys sorted, as far as their order means nothing; text without what a database refuses."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        items = sorted(value.items()) if sort else value.items()
        return {clean(key): arranged(item, sort=sort) for key, item in items}
    if isinstance(value, list):
        return [arranged(item, sort=sort) for item in value]
    return number(value) if type(value) in (int, float) else value


def number(value: int | float) -> int | float | None:
    """Below 2^63 what is whole and large is written out, above it there is an exponent: as both databases read it."""
    if isinstance(value, float):
        if not isfinite(value):
            return None
        if value == int(value) and FIRST_WITH_EXPONENT <= abs(value) < LARGEST_WHOLE:
            return int(Decimal(repr(value)))
        return value + 0.0  # -0.0 is 0.0
    if -LARGEST_WHOLE <= value < LARGEST_WHOLE:
        return value
    return float(value) if abs(value) < LARGEST_FLOAT else None


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: it goes without saying."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value not in ("", [], {})
    }

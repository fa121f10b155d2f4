"""What no database of ours takes, or what cannot be right, out of what somebody else wrote. PURE."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

# PostgreSQL refuses NUL, and no UTF-8 holds half of a surrogate pair.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LARGEST = 2**63


def clean_text(text: str) -> str:
    return UNKEEPABLE.sub("\ufffd", text)


def clean(value: Any) -> Any:
    """The same JSON with what can be kept. The reader has seen to it that it is not deep."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [clean(held) for held in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -LARGEST <= value < LARGEST else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def words(value: Any) -> str:
    """A text, or nothing where something else stands."""
    return value if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """A time in seconds or milliseconds since 1970, or as ISO 8601 has it. Without a zone it is UTC."""
    found: datetime | None = None
    try:
        if isinstance(value, str) and value:
            found = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            # Seconds reach this in the year 5138.
            found = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None if found is None else sensible(found)


def sensible(found: datetime) -> datetime | None:
    """A time at which somebody may have written: after 1970, and not to come."""
    try:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if EARLIEST <= found <= datetime.now(UTC) + timedelta(days=1) else None

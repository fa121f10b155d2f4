"""When an attempt is worth repeating, and how long to wait before it."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .errors import CompletionError, ProviderFailed, RateLimited, StreamInterrupted, TimedOut, Unreachable
from .limits import Limits

FIRST_WAIT = 1.0
REPEATED = (Unreachable, RateLimited, ProviderFailed)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, as the provider asks: milliseconds, seconds or a date. None if it does not say."""
    milliseconds = _seconds(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = _seconds(text)
    return _until(text) if seconds is None else seconds


def wait_before_retry(error: CompletionError, attempt: int, limits: Limits) -> float | None:
    """Seconds before retry number `attempt` (from 1), or None if there must be none.

    The caller knows that nothing has been said yet.
    """
    if attempt > limits.retries or not error.retryable or not _is_passing(error):
        return None
    if error.retry_after is None:
        wait: float = FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.75, 1)  # noqa: S311 - jitter, no secret
        return min(wait, limits.longest_wait)
    if error.retry_after > limits.longest_wait:
        return None
    return min(error.retry_after * random.uniform(1, 1.1), limits.longest_wait)  # noqa: S311


def _is_passing(error: CompletionError) -> bool:
    connecting = isinstance(error, TimedOut) and error.phase == "connect"
    cut = type(error) is StreamInterrupted
    return connecting or cut or error.status == 409 or isinstance(error, REPEATED)


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _until(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())

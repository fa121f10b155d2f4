"""What a call cost, in USD: by the provider's own word, or by its price list and its own count of tokens."""

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

MILLION = 1_000_000


def cost_of(usage: Mapping[str, Any] | None, prices: Sequence[float | None]) -> float | None:
    """None where it cannot be known. `prices` are USD per million tokens in, out and cached."""
    if usage is None:
        return None
    if usage.get("cost") is not None:
        return float(usage["cost"])
    told, said = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if told is None or said is None or len(prices) != 3 or prices[0] is None or prices[1] is None:
        return None
    remembered = min(usage.get("cached_tokens") or 0, told)
    price_cached = prices[0] if prices[2] is None else prices[2]
    cost: float = ((told - remembered) * prices[0] + remembered * price_cached + said * prices[1]) / MILLION
    return cost


def in_dollars(cost: float) -> str:
    """Small sums keep two figures that mean something."""
    if cost <= 0:
        return "$0"
    return f"${cost:,.2f}" if cost >= 1 else f"${cost:.{max(4, 1 - floor(log10(cost)))}f}"

"""How many tokens a text is, and what they cost, where nobody has counted yet. PURE.

The browser counts what is being typed by the same rule: static/js/lib/estimate.js.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from chat.costs import MILLION

# Bytes of UTF-8: four letters in English, two in Greek or Arabic, and a bit more than one in Chinese.
BYTES_PER_TOKEN = 4.0
# A provider that counts otherwise than this counts something else too, such as an image.
PLAUSIBLE = (1.5, 12.0)
# What goes around each message: its role, and where it begins and ends.
BYTES_AROUND_A_MESSAGE = 16

Estimate = dict[str, Any]


def bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def bytes_of_request(body: Mapping[str, Any]) -> int:
    """Of the words, the tools and the schema in it. Nobody could know how many tokens an image is."""
    messages = body.get("messages") or []
    return sum(map(_bytes_of_message, messages)) + _bytes_of_json(body, "tools", "response_format")


def bytes_per_token(size: int, counted: int | None) -> float:
    """As a provider counted this many bytes, if that can be; else by the rule."""
    rate = size / counted if counted else 0.0
    return rate if PLAUSIBLE[0] <= rate <= PLAUSIBLE[1] else BYTES_PER_TOKEN


@dataclass(frozen=True, slots=True)
class Rate:
    """How much text makes a token, and what a million tokens in and out cost, if that is known."""

    bytes_per_token: float = BYTES_PER_TOKEN
    prices: tuple[float, float] | None = None

    @property
    def is_priced(self) -> bool:
        return bool(self.prices and any(self.prices))

    @property
    def is_calibrated(self) -> bool:
        return self.bytes_per_token != BYTES_PER_TOKEN

    @property
    def cost_of_a_byte(self) -> float:
        """Of what the model says."""
        return self.prices[1] / MILLION / self.bytes_per_token if self.prices else 0.0

    def tokens(self, size: int) -> int:
        return ceil(size / self.bytes_per_token)

    def estimate(self, sent: int, said: int = 0) -> Estimate:
        """Of so many bytes sent and said, in the words of a usage."""
        prompt, cost = self.tokens(sent), None
        if self.prices:
            # Not of whole tokens said: many answers together would be off by as many.
            cost = prompt * self.prices[0] / MILLION + said * self.cost_of_a_byte
        return {"prompt_tokens": prompt, "completion_tokens": self.tokens(said), "cost": cost}


def known_prices(prices: Sequence[float | None]) -> tuple[float, float] | None:
    """In and out, of a price list that has both."""
    if len(prices) < 2 or prices[0] is None or prices[1] is None:
        return None
    return prices[0], prices[1]


def _bytes_of_message(message: Mapping[str, Any]) -> int:
    content = message.get("content") or ""
    texts = [content] if isinstance(content, str) else [str(part.get("text") or "") for part in content]
    return BYTES_AROUND_A_MESSAGE + sum(map(bytes_of, texts)) + _bytes_of_json(message, "tool_calls")


def _bytes_of_json(holder: Mapping[str, Any], *names: str) -> int:
    return sum(bytes_of(json.dumps(holder[name])) for name in names if holder.get(name))

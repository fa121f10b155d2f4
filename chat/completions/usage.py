"""How many tokens a call used. Providers put the same few numbers in different places."""

from .characters import clean_json
from .events import Usage
from .logprobs import number

Json = dict[str, object]
LARGEST = 2**53

CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens")
PROMPT_DETAILS = ("prompt_tokens_details", "prompt_token_details")
COMPLETION_DETAILS = ("completion_tokens_details",)


def find_usage(chunk: Json) -> Json | None:
    """The usage object of a chunk, wherever it stands."""
    usage = chunk.get("usage")
    if usage is None and isinstance(groq := chunk.get("x_groq"), dict):
        usage = groq.get("usage")
    return usage if isinstance(usage, dict) and usage else None


def read_usage(usage: Json) -> Usage:
    raw = clean_json(usage)
    assert isinstance(raw, dict)
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        cached_tokens=_first(usage, CACHED, PROMPT_DETAILS),
        reasoning_tokens=_first(usage, ("reasoning_tokens",), COMPLETION_DETAILS),
        cost=_cost(usage.get("cost")),
        raw=raw,
    )


def _first(usage: Json, keys: tuple[str, ...], details: tuple[str, ...]) -> int | None:
    """The first count found, in the details before the flat keys."""
    places = [place for name in details if isinstance(place := usage.get(name), dict)]
    counts = (_count(place.get(key)) for place in (*places, usage) for key in keys)
    return next((count for count in counts if count is not None), None)


def _cost(value: object) -> float | None:
    """Nobody is paid for asking: less than nothing is no cost."""
    cost = number(value)
    return cost if cost is not None and cost >= 0 else None


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST
    return value if sound and isinstance(value, int) else None

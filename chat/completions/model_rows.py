"""One row of a model list. Providers have their own keys; what a row does not say stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import TypeGuard

from .characters import clean
from .model_claims import Json, at, capabilities_of, defaults_of, lacks_of, modalities_of, origin_of

LONGEST_ID = 300
PER_MILLION = 1_000_000

NAMES = ("display_name", "displayName", "name", "id")
OWNERS = ("organization", "owned_by", "publisher")
CONTEXTS = (
    "context_length", "context_window", "max_model_len", "max_context_length",
    "top_provider.context_length", "meta.n_ctx_train", "contextLength",
)  # fmt: skip
LONGEST_ANSWERS = ("max_completion_tokens", "max_output_tokens", "top_provider.max_completion_tokens")

# The keys of a price: in USD per million tokens, then in USD per token.
PRICES = {
    "input": (("input",), ("prompt",)),
    "output": (("output",), ("completion",)),
    "cached": (("cached_input", "cachedInput"), ("input_cache_read",)),
}

TYPES = frozenset((
    "chat", "language", "code", "image", "embedding", "moderation", "rerank", "audio", "transcribe", "video",
))  # fmt: skip
OTHER_TYPES = {
    "llm": "chat", "vlm": "chat", "base": "chat", "fine-tuned": "chat", "embeddings": "embedding",
    "reranker": "rerank",
}  # fmt: skip
# For lists without types, by a part of the id.
TYPE_HINTS = {
    "embed": "embedding", "bge-": "embedding", "rerank": "rerank", "moderation": "moderation",
    "guard": "moderation", "whisper": "transcribe", "transcribe": "transcribe", "tts": "audio",
    "dall-e": "image", "gpt-image": "image", "sora": "video",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as listed. Prices are USD per million tokens; None is unknown, 0 is free or not priced."""

    id: str
    name: str
    type: str
    context_length: int | None = None
    longest_answer: int | None = None
    price_input: float | None = None
    price_output: float | None = None
    price_cached: float | None = None
    modalities: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    owner: str = ""
    lacks: tuple[str, ...] = ()
    defaults: Mapping[str, float | str] = field(default_factory=dict)
    origin: str = ""  # "fine-tuned", "dedicated", or neither


def is_id(value: object) -> TypeGuard[str]:
    return (
        isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_ID and clean(value) == value
    )


def read_row(row: Json) -> ListedModel | None:
    """None for a row that cannot be called, for want of an id."""
    id = row.get("id")
    if not is_id(id):
        return None
    pricing = row.get("pricing")
    prices = (
        {name: _price(pricing, *keys) for name, keys in PRICES.items()} if isinstance(pricing, dict) else {}
    )
    return ListedModel(
        id=id,
        name=_first_text(row, NAMES) or id,
        type=_type(row, id),
        context_length=_first_count(row, CONTEXTS),
        longest_answer=_first_count(row, LONGEST_ANSWERS),
        price_input=prices.get("input"),
        price_output=prices.get("output"),
        price_cached=prices.get("cached"),
        modalities=modalities_of(row),
        capabilities=capabilities_of(row),
        owner=_first_text(row, OWNERS),
        lacks=lacks_of(row),
        defaults=defaults_of(row),
        origin=origin_of(row, id),
    )


def _type(row: Json, id: str) -> str:
    told = row.get("type")
    if isinstance(told, str) and told:
        return told if told in TYPES else OTHER_TYPES.get(told, "other")
    outputs = at(row, "architecture.output_modalities")
    if isinstance(outputs, list) and outputs and "text" not in outputs:
        return next((kind for kind in outputs if isinstance(kind, str) and kind in TYPES), "other")
    return next((type for hint, type in TYPE_HINTS.items() if hint in id.lower()), "chat")


def _price(pricing: Json, per_million: tuple[str, ...], per_token: tuple[str, ...]) -> float | None:
    for keys, factor in ((per_million, 1), (per_token, PER_MILLION)):
        for key in keys:
            if (price := _decimal(pricing.get(key))) is not None:
                return float(price * factor)
    return None


def _decimal(value: object) -> Decimal | None:
    """A price. Negative ones mean that it varies, and so are unknown here."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        price = Decimal(str(value)[:40])
    except DecimalException:
        return None
    return price if price.is_finite() and 0 <= price < PER_MILLION else None


def _first_text(row: Json, keys: tuple[str, ...]) -> str:
    texts = (
        clean(value)[:LONGEST_ID] for key in keys if isinstance(value := row.get(key), str) and value.strip()
    )
    return next(texts, "")


def _first_count(row: Json, paths: tuple[str, ...]) -> int | None:
    return next((count for path in paths if (count := _count(at(row, path)))), None)


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**11
    return value if sound and isinstance(value, int) else None

"""Logprobs: four shapes on the wire, one here. The shape decides, never the provider."""

from collections.abc import Iterable
from itertools import zip_longest

from .characters import clean
from .events import TokenLogprob

Json = dict[str, object]


def read_logprobs(value: object, choice: Json, text: str) -> tuple[TokenLogprob, ...]:
    """`value` is the choice's `logprobs`; `text` is the choice's text in this chunk."""
    if isinstance(value, dict):
        content = value.get("content")
        if isinstance(content, list):
            return tuple(_entry(item) for item in content if isinstance(item, dict))
        return tuple(_parallel(value))
    if number(value) is None:
        return ()
    delta = choice.get("delta")
    id = delta.get("token_id") if isinstance(delta, dict) else None
    return (TokenLogprob(clean(text), number(value), _whole(id), None, _top(choice.get("top_logprobs"))),)


def read_token(token: object) -> tuple[TokenLogprob, ...]:
    """The top-level `token` of older chunks."""
    if not isinstance(token, dict) or not isinstance(token.get("text"), str):
        return ()
    return (TokenLogprob(clean(token["text"]), number(token.get("logprob")), _whole(token.get("id"))),)


def number(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if abs(value) < float("inf") else None


def _entry(item: Json) -> TokenLogprob:
    octets = item.get("bytes")
    return TokenLogprob(
        _token(item.get("token")),
        number(item.get("logprob")),
        _whole(item.get("id", item.get("token_id"))),
        tuple(o for o in octets if isinstance(o, int)) if isinstance(octets, list) else None,
        _top(item.get("top_logprobs")),
    )


def _parallel(value: Json) -> Iterable[TokenLogprob]:
    tokens, numbers = _list(value.get("tokens")), _list(value.get("token_logprobs"))
    ids, top = _list(value.get("token_ids")), value.get("top_logprobs")
    tops = [top] if isinstance(top, dict) else _list(top)
    for token, logprob, id, likely in zip_longest(tokens, numbers, ids, tops):
        if token is not None:
            yield TokenLogprob(_token(token), number(logprob), _whole(id), None, _top(likely))


def _top(value: object) -> tuple[tuple[str, float | None], ...]:
    if isinstance(value, dict):
        return tuple((clean(str(token)), number(logprob)) for token, logprob in value.items())
    return tuple(
        (_token(item.get("token")), number(item.get("logprob")))
        for item in _list(value)
        if isinstance(item, dict)
    )


def _token(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []

"""Values as they are sent. Code that is made from anything else would not run, or would send another thing."""

import math
from collections.abc import Mapping

# Beyond these JavaScript's numbers leave integers out.
LARGEST_SAFE = 2**53 - 1


def sendable(body: Mapping[str, object]) -> dict[str, object]:
    """Lone surrogates, which no UTF-8 holds, become U+FFFD; infinities and NaN, which no JSON holds, null."""
    return {_text(key): _sendable(value) for key, value in body.items()}


def _sendable(value: object) -> object:
    match value:
        case str():
            return _text(value)
        case float() if not math.isfinite(value):
            return None
        case Mapping():
            return sendable(value)
        case list() | tuple():
            return [_sendable(item) for item in value]
        case _:
            return value


def _text(text: str) -> str:
    return (
        text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )


def is_exact_in_javascript(value: object) -> bool:
    """Whether no integer in it would come out of JavaScript as another one."""
    match value:
        case int():
            return abs(value) <= LARGEST_SAFE
        case Mapping():
            return all(is_exact_in_javascript(item) for item in value.values())
        case list():
            return all(is_exact_in_javascript(item) for item in value)
        case _:
            return True

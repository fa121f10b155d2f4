"""What a provider says in an error body, whatever its shape."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from .characters import clean
from .masking import mask

Json = dict[str, object]

LONGEST_TEXT = 300
LONGEST_PAGE = 8 * 1024
LONGEST_SAID = 2000
TAGS = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """The text with secrets masked, the provider's code and type, and the parameter that it names."""

    said: str
    code: str = ""
    type: str = ""
    param: str = ""
    is_json: bool = False


def decode(data: bytes | str) -> object:
    """The JSON value. Reads NaN and Infinity as None and keeps lone surrogates. Raises ValueError."""
    try:
        return orjson.loads(data)
    except ValueError:
        pass
    try:
        return json.loads(data, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("nested too deep") from None


def read_words(body: bytes, key: str) -> Words:
    """Reads an error body. Never raises."""
    try:
        value = decode(body)
    except ValueError:
        return Words(_tidy(_strip_tags(body.decode(errors="replace")), key))
    return words_in(value, key)


def words_in(value: object, key: str) -> Words:
    """Reads a decoded error body, or an error object of a stream."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), {"message": _join(value)})
    if not isinstance(value, dict):
        return Words(_tidy("" if value is None else str(value), key), is_json=True)
    error = value.get("error")
    inner = error if isinstance(error, dict) else value
    return Words(
        said=_tidy(_message(value), key),
        code=_name(inner.get("code")),
        type=_name(inner.get("error_type")) + " " + _name(inner.get("type")),
        param=_name(inner.get("param")) or _location(value.get("detail")),
        is_json=True,
    )


def _message(value: Mapping[str, object]) -> str:
    candidates = (value.get(key) for key in ("error", "detail", "message", "msg", "errors"))
    text = next((text for item in candidates if (text := _join(item))), "")
    error = value.get("error")
    metadata = error.get("metadata") if isinstance(error, dict) else None
    raw = _join(metadata.get("raw")) if isinstance(metadata, dict) else ""
    return f"{text} ({raw})" if raw and raw not in text else text


def _join(item: object, depth: int = 0) -> str:
    """The text in a message that may be text, an object that holds one, or a list of such."""
    if isinstance(item, str):
        return item
    if depth > 5:
        return ""
    if isinstance(item, list):
        return "; ".join(text for part in item[:20] if (text := _join(part, depth + 1)))
    if not isinstance(item, dict):
        return ""
    if isinstance(item.get("loc"), list) and isinstance(item.get("msg"), str):
        return f"{'.'.join(map(str, item['loc']))}: {item['msg']}"
    candidates = (item.get(key) for key in ("message", "detail", "msg", "error"))
    return next((text for inner in candidates if (text := _join(inner, depth + 1))), "")


def _location(detail: object) -> str:
    """The place that a validation error names, without the leading "body"."""
    for item in detail if isinstance(detail, list) else []:
        if isinstance(item, dict) and isinstance(item.get("loc"), list):
            return ".".join(str(part) for part in item["loc"] if part != "body")[:LONGEST_TEXT]
    return ""


def _strip_tags(text: str) -> str:
    """The beginning of what a page shows. Reads little of it, for a page may be made to cost much time."""
    head, tag, page = text.partition("<body")
    page = tag + page if tag else head
    return " ".join(TAGS.sub(" ", page[:LONGEST_PAGE]).split())[:LONGEST_TEXT]


def _tidy(text: str, key: str) -> str:
    return clean(mask(text.strip(), key))[:LONGEST_SAID]


def _name(value: object) -> str:
    return clean(str(value))[:LONGEST_TEXT] if isinstance(value, (str, int)) else ""


def names_in(said: str, names: Iterator[str] | list[str]) -> str:
    """The first of these names that the text names, or "". A quoted name goes before a bare one."""
    for pattern in (r"['\"`]{}['\"`]", r"(?<![\w-]){}(?![\w-])"):
        for name in sorted(names, key=len, reverse=True):
            bare = not pattern.startswith("[")
            if not (bare and len(name) < 3) and re.search(pattern.format(re.escape(name)), said):
                return name
    return ""

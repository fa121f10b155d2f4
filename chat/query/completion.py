"""What may stand where one types: keys, then values of a key."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .language import KEYS, in_quotes
from .words import fold

MOST = 8
_TYPED = re.compile(r'-?(?:([A-Za-z]+):)?("(?:[^"\\]|\\.)*|[^\s"]*)\Z')


@dataclass(frozen=True, slots=True)
class Completion:
    """Taking it puts `text` in the place of the letters from `begin` to `end`."""

    text: str
    help: str
    begin: int
    end: int


def complete(text: str, at: int, values: Mapping[str, Iterable[str]]) -> list[Completion]:
    """For what is typed up to this place. `values` are one's own, by key."""
    before = text[:at]
    match = _TYPED.search(_last_term(before))
    if not match:
        return []
    name, typed = match.groups()
    begin = at - len(typed) - (len(name) + 1 if name else 0)
    if name is None:
        if not typed:
            return []
        keys = [key for key in KEYS if key.startswith(typed.lower())]
        return [Completion(f"{key}:", KEYS[key].example, begin, at) for key in keys][:MOST]
    name = name.lower()
    if name not in KEYS:
        return []
    found = _values(typed.lstrip('"'), KEYS[name].values or values.get(name, ()))
    return [Completion(f"{name}:{in_quotes(value)} ", "", begin, at) for value in found][:MOST]


def _last_term(before: str) -> str:
    """From its beginning, which may be in quotes that are still open."""
    place = 0
    for match in re.finditer(r'(?:"(?:[^"\\]|\\.)*(?:"|\Z)|[^\s"])+', before):
        place = match.start()
        if match.end() == len(before):
            return before[place:]
    return ""


def _values(typed: str, values: Iterable[str]) -> list[str]:
    """Those that begin so, then those that hold it. The one that stands there whole already is none."""
    wanted = fold(typed)
    folded = [(fold(value), value) for value in values]
    begun = [value for text, value in folded if text.startswith(wanted) and text != wanted]
    return begun + [value for text, value in folded if wanted in text and not text.startswith(wanted)]

"""What differs between two JSON values: what stands at which path, on the one side and on the other."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

Object = Mapping[str, Any]
# A path holds the one above it, so that a deep value costs no more than a shallow one.
Path = tuple[Any, str]
Found = tuple[Path, object, object]
# Where something stands in two lists: nowhere in the one, if only the other has it.
Pair = tuple[int | None, int | None]

ABSENT = object()
# Characters of a value. A longer one is shown from shortly before the first that differs.
LONGEST = 300
BEFORE = 60
# Lists are aligned by what they hold, which costs their size at each level and the square of their length; beyond
# this depth, and this product of their lengths, by place.
DEEPEST_ALIGNED = 12
MOST_ALIGNED = 40_000


@dataclass(frozen=True, slots=True)
class Changed:
    """A value on both sides, as JSON. None where there is none."""

    path: str
    a: str | None
    b: str | None

    @property
    def sides(self) -> tuple[str | None, str | None]:
        return self.a, self.b


def differing(a: Object, b: Object) -> Iterator[Found]:
    for found in key_by_key(None, a, b):
        yield from differing_in(found)


def differing_in(found: Found) -> Iterator[Found]:
    """What differs there and below, in order. With a stack of its own: JSON may be nested as deep as one likes."""
    waiting = [found]
    while waiting:
        path, a, b = waiting.pop()
        inner = _inside(path, a, b)
        if inner is not None:
            waiting.extend(reversed(inner))
        elif type(a) is not type(b) or json.dumps(a) != json.dumps(b):
            yield path, a, b


def key_by_key(path: Path | None, a: Object, b: Object) -> list[Found]:
    """The values of each key."""
    keys = [*a, *(key for key in b if key not in a)]
    return [((path, key), a.get(key, ABSENT), b.get(key, ABSENT)) for key in keys]


def _inside(path: Path, a: object, b: object) -> list[Found] | None:
    """What two values of one kind hold; None where they are compared as they are."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        # A model answers to a schema in the order of its keys.
        order = [key for key in a if key in b], [key for key in b if key in a]
        reordered: list[Found] = [] if order[0] == order[1] else [((path, "(order)"), *order)]
        return key_by_key(path, a, b) + reordered
    if isinstance(a, list) and isinstance(b, list) and any(isinstance(item, (dict, list)) for item in a + b):
        pairs = by_place(a, b) if _is_deep(path) else aligned(a, b)
        return [((path, _place(pair)), item_at(pair[0], a), item_at(pair[1], b)) for pair in pairs]
    return None


def _is_deep(path: Path | None) -> bool:
    for _ in range(DEEPEST_ALIGNED):
        if path is None:
            return False
        path = path[0]
    return True


def _place(pair: Pair) -> str:
    first, second = pair
    if first is None or second is None or first == second:
        return str(second if first is None else first)
    return f"{first}→{second}"


# Lists


def item_at(place: int | None, items: Sequence[object]) -> object:
    return ABSENT if place is None else items[place]


def by_place(a: Sequence[object], b: Sequence[object]) -> list[Pair]:
    return list(zip_longest(range(len(a)), range(len(b))))


def aligned(a: Sequence[object], b: Sequence[object]) -> list[Pair]:
    """Equal ones beside one another; of the rest, those of one kind."""
    try:
        blocks = list(_blocks([json.dumps(item) for item in a], [json.dumps(item) for item in b]))
    except RecursionError:
        return by_place(a, b)
    pairs: list[Pair] = []
    for equal, these, those in blocks:
        if equal:
            pairs += zip(these, those, strict=True)
            continue
        for alike, some, others in _blocks([_kind(a[n]) for n in these], [_kind(b[n]) for n in those]):
            first, second = these[some.start : some.stop], those[others.start : others.stop]
            if alike:
                pairs += zip(first, second, strict=True)
            else:
                pairs += [*((place, None) for place in first), *((None, place) for place in second)]
    return pairs


def _blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[bool, range, range]]:
    """Where they are equal and where not, from start to end."""
    shorter = min(len(a), len(b))
    start = next((n for n in range(shorter) if a[n] != b[n]), shorter)
    left = shorter - start
    end = next((n for n in range(left) if a[-1 - n] != b[-1 - n]), left)
    stop_a, stop_b = len(a) - end, len(b) - end
    yield True, range(start), range(start)
    if (stop_a - start) * (stop_b - start) > MOST_ALIGNED:
        yield False, range(start, stop_a), range(start, stop_b)
    else:
        matcher = SequenceMatcher(None, a[start:stop_a], b[start:stop_b], autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            yield tag == "equal", range(start + a1, start + a2), range(start + b1, start + b2)
    yield True, range(stop_a, len(a)), range(stop_b, len(b))


def _kind(item: object) -> str:
    """The role of a message, the name of a tool."""
    if not isinstance(item, Mapping):
        return ""
    function = item.get("function")
    name = function.get("name") if isinstance(function, Mapping) else item.get("name")
    return str(item.get("role") or name or item.get("type"))


# As a page shows it


def written(path: Path, a: object, b: object) -> Changed:
    texts = _json(a), _json(b)
    start = max(0, _first_difference(texts[0] or "", texts[1] or "") - BEFORE)
    return Changed(_cut(_dotted(path), 0), *(text if text is None else _cut(text, start) for text in texts))


def _json(value: object) -> str | None:
    if value is ABSENT:
        return None
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "nested too deep to be shown"


def _first_difference(a: str, b: str) -> int:
    shorter = min(len(a), len(b))
    return next((n for n in range(shorter) if a[n] != b[n]), shorter)


def _cut(text: str, start: int) -> str:
    if len(text) <= LONGEST:
        return text
    start = min(start, len(text) - LONGEST)
    before, after = "…" if start else "", "…" if start + LONGEST < len(text) else ""
    return f"{before}{text[start : start + LONGEST]}{after} ({len(text):,} characters)"


def _dotted(path: Path) -> str:
    keys = []
    above: Path | None = path
    while above:
        above, key = above
        keys.append(key)
    return ".".join(reversed(keys))

"""What changed between two texts, word by word; line by line where there is too much of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

# A word takes the space before it along, so that a word at the end of a sentence is the same as one within it.
# A placeholder is one word; so is each character of a script that has no spaces.
WORD = re.compile(
    r"\s*+(?:\{\{[ \t]*+\w++[ \t]*+\}\}"
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]++"
    r"|[^\w\s])|\s++"
)
LETTER = re.compile(r"\w")
# About a second. The search is quadratic in the number of changes, and hostile texts change in everything.
MOST_STEPS = 2_000_000
# A word that stayed the same between two changes of at least this many words is no island worth showing.
ISLAND_BETWEEN = 2

Edit = tuple[str, list[str]]
# What is the same, then what went out and what came in after it.
Group = tuple[list[str], list[str], list[str]]


class _TooManySteps(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is "same", "out" or "in"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`by_line`: the texts were too large to compare word by word."""

    pieces: list[Piece]
    by_line: bool = False

    @property
    def words_in(self) -> int:
        return self._words("in")

    @property
    def words_out(self) -> int:
        return self._words("out")

    def _words(self, kind: str) -> int:
        return sum(count_words(piece.text) for piece in self.pieces if piece.kind == kind)


def count_words(text: str) -> int:
    return sum(1 for match in WORD.finditer(text) if LETTER.search(match[0]))


def difference(old: str, new: str, most_steps: int = MOST_STEPS) -> Difference:
    """Where many are compared at once, each may take fewer steps."""
    search = partial(_shortest, most_steps=most_steps)
    try:
        edits = _between(WORD.findall(old), WORD.findall(new), search)
        return Difference(list(_pieces(_without_islands(edits))))
    except _TooManySteps:
        pass
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    try:
        edits = _between(*lines, search)
    except _TooManySteps:
        edits = _between(*lines, _replace)
    return Difference(list(_pieces(edits)), by_line=True)


def _replace(old: list[str], new: list[str]) -> list[Edit]:
    return [("out", old), ("in", new)]


def _between(
    old: Sequence[str], new: Sequence[str], compare: Callable[[list[str], list[str]], list[Edit]]
) -> list[Edit]:
    """Same at the start, same at the end, and what `compare` finds between."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    left = shorter - start
    end = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    middle = compare(list(old[start : len(old) - end]), list(new[start : len(new) - end]))
    return [("same", list(old[:start])), *middle, ("same", list(old[len(old) - end :]))]


def _shortest(old: list[str], new: list[str], most_steps: int) -> list[Edit]:
    """The fewest changes, by Myers' search: how far into `old` one gets with that many, on each diagonal.

    With n changes there are n + 1 diagonals; the one at `place` is `x - y == 2 * place - n`. Raises _TooManySteps.
    """
    levels: list[list[int]] = []
    steps = 0
    for changes in range(len(old) + len(new) + 1):
        level: list[int] = []
        for place in range(changes + 1):
            begun = _begin(levels[-1], place)[0] if levels else 0
            x, diagonal = begun, 2 * place - changes
            while x < len(old) and 0 <= x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            level.append(x)
            steps += 1 + x - begun
            if x >= len(old) and x - diagonal >= len(new):
                return _walk_back([*levels, level], old, new)
            if steps > most_steps:
                raise _TooManySteps
        levels.append(level)
    return []


def _begin(before: list[int], place: int) -> tuple[int, bool]:
    """Where a path on this diagonal begins, one change after those before; and whether that took a word in."""
    if place == 0 or (place < len(before) and before[place - 1] < before[place]):
        return before[place], True
    return before[place - 1] + 1, False


def _walk_back(levels: list[list[int]], old: list[str], new: list[str]) -> list[Edit]:
    edits: list[Edit] = []
    x, y = len(old), len(new)
    for changes in range(len(levels) - 1, 0, -1):
        begun, took_in = _begin(levels[changes - 1], (x - y + changes) // 2)
        edits.append(("same", old[begun:x]))
        y -= x - begun
        x = begun
        if took_in:
            y -= 1
            edits.append(("in", [new[y]]))
        else:
            x -= 1
            edits.append(("out", [old[x]]))
    return [("same", old[:x]), *reversed(edits)]


def _grouped(edits: list[Edit]) -> Iterator[Group]:
    same: list[str] = []
    out: list[str] = []
    into: list[str] = []
    for kind, words in edits:
        if not words:
            continue
        if kind == "same" and (out or into):
            yield same, out, into
            same, out, into = [], [], []
        {"same": same, "out": out, "in": into}[kind].extend(words)
    yield same, out, into


def _without_islands(edits: list[Edit]) -> list[Edit]:
    """A single word that stayed between two larger changes is a coincidence: the changes are one."""
    joined: list[Group] = []
    for same, out, into in _grouped(edits):
        before = joined[-1] if joined else None
        if before and len(same) == 1 and _is_island(same[0], before, (same, out, into)):
            before[1].extend([*same, *out])
            before[2].extend([*same, *into])
        else:
            joined.append((same, out, into))
    return [edit for group in joined for edit in zip(("same", "out", "in"), group, strict=True)]


def _is_island(word: str, before: Group, after: Group) -> bool:
    """A mark between words is one beside a single larger change."""
    sizes = [max(len(out), len(into)) for _, out, into in (before, after)]
    larger = [size >= ISLAND_BETWEEN for size in sizes]
    return all(larger) if LETTER.search(word) else all(sizes) and any(larger)


def _pieces(edits: list[Edit]) -> Iterator[Piece]:
    for same, out, into in _grouped(edits):
        before, old, new = "".join(same), "".join(out), "".join(into)
        # The space before a word that was replaced stayed.
        kept = _space_of_both(old, new)
        texts = (before + old[:kept], old[kept:], new[kept:])
        yield from (
            Piece(kind, text) for kind, text in zip(("same", "out", "in"), texts, strict=True) if text
        )


def _space_of_both(old: str, new: str) -> int:
    shorter = min(len(old), len(new))
    return next((at for at in range(shorter) if old[at] != new[at] or not old[at].isspace()), shorter)

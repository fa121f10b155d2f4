"""How a hit is shown: the words around the first place where it stands, with what was looked for marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from .language import Words
from .words import words_with_places

LETTERS_BEFORE = 40
LETTERS_IN_ALL = 180


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text what was looked for stands, and what that says of how good a hit it is."""

    spans: list[tuple[int, int]]
    words: int
    as_one: bool  # what was looked for stands there side by side

    @property
    def density(self) -> float:
        return len(self.spans) / max(self.words, 20)


def find(text: str, wanted: Sequence[Words]) -> Found:
    there = list(words_with_places(text))
    words = [word for word, _, _ in there]
    spans = [
        (there[place][1], there[place + len(term.words) - 1][2])
        for term in wanted
        for place in places_of(term, words)
    ]
    whole = Words(tuple(word for term in wanted for word in term.words), bool(wanted) and wanted[-1].prefix)
    return Found(_merged(spans), len(words), len(wanted) > 1 and bool(places_of(whole, words)))


def places_of(term: Words, words: Sequence[str]) -> list[int]:
    """Where it begins among these words."""
    *before, last = term.words
    size = len(before)
    if term.prefix:
        ends = [place for place, word in enumerate(words) if word.startswith(last)]
    else:
        ends = [place for place, word in enumerate(words) if word == last]
    return [place - size for place in ends if place >= size and list(words[place - size : place]) == before]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def excerpt(text: str, spans: Sequence[tuple[int, int]], letters: int = LETTERS_IN_ALL) -> list[Piece]:
    """In one line. Begins a little before the first mark, at a word."""
    begin = 0
    if spans and len(text) > letters:
        begin = max(0, min(spans[0][0] - LETTERS_BEFORE, len(text) - letters))
        if begin:
            begin = max(begin, 1 + text.find(" ", begin, spans[0][0]))
    end = min(len(text), begin + letters)
    pieces = [Piece("…")] if begin else []
    place = begin
    for left, right in spans:
        if right <= begin or left >= end:
            continue
        left, right = max(left, place), min(right, end)
        pieces += [Piece(text[place:left]), Piece(text[left:right], marked=True)]
        place = right
    pieces.append(Piece(text[place:end] + ("…" if end < len(text) else "")))
    return [Piece(_in_a_line(piece.text), piece.marked) for piece in pieces if piece.text]


def _in_a_line(text: str) -> str:
    """Line ends are spaces here, and the other letters that draw nothing are left out."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

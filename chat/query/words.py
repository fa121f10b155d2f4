"""What a word is, for the index of both databases and for what one types: the one definition that there is.

Letters are folded: upper case is lower case, accents are gone, and a ligature is its letters. Scripts without spaces
between their words are taken letter by letter, so that a phrase finds a word of theirs.
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 60  # letters of a word; the rest of a longer one is no part of it
WORDS_IN_A_PASSAGE = 4_000
SHARED_BY_PASSAGES = 100

# Thai, Lao, Burmese, Khmer; Kana, Bopomofo, Han
_LETTER_BY_LETTER = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"(?=\w)[{_LETTER_BY_LETTER}]|(?:(?![{_LETTER_BY_LETTER}])\w)+")
_ASCII_WORD = re.compile(r"[a-z0-9_]+")


class _Folded(dict[int, str]):
    """What each letter is folded to, found when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = once = chr(code)
        # Until it stays as it is: a letter may be made of letters that are folded again.
        for _ in range(4):
            spread = unicodedata.normalize("NFKD", folded).casefold()
            once = "".join(letter for letter in spread if unicodedata.category(letter)[0] != "M")
            if once == folded:
                break
            folded = once
        self[code] = once
        return once


_FOLDED = _Folded()


def fold(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def words_of(text: str) -> list[str]:
    folded = fold(text)
    found = _ASCII_WORD.findall(folded) if folded.isascii() else _WORD.findall(folded)
    return [word[:LONGEST] for word in found]


def words_with_places(text: str) -> Iterator[tuple[str, int, int]]:
    """The same words, each with where it begins and ends in the text as it was written."""
    folded = fold(text)
    places = None if len(folded) == len(text) and text.isascii() else _places(text)
    for match in (_ASCII_WORD if folded.isascii() else _WORD).finditer(folded):
        begin, end = match.span()
        if places:
            begin, end = places[begin], places[end - 1] + 1
        yield match.group()[:LONGEST], begin, end


def _places(text: str) -> list[int]:
    """For each letter of the folded text the one that it came from."""
    lengths = [len(_FOLDED[ord(letter)]) for letter in text]
    return [place for place, length in enumerate(lengths) for _ in range(length)]


def passages_of(text: str) -> list[str]:
    """A long text in pieces that a database can hold as one. Each begins with the last words of the one before, so
    that no phrase is cut."""
    if len(text) <= WORDS_IN_A_PASSAGE:
        return [text]
    places = [(begin, end) for _, begin, end in words_with_places(text)]
    step = WORDS_IN_A_PASSAGE - SHARED_BY_PASSAGES
    starts = range(0, max(1, len(places) - SHARED_BY_PASSAGES), step)
    if len(starts) == 1:
        return [text]
    pieces = [places[start : start + WORDS_IN_A_PASSAGE] for start in starts]
    return [text[piece[0][0] : piece[-1][1]] for piece in pieces]

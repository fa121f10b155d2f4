"""What stands in the full text of both databases: the words of a document, and what is known of it as words of another
kind. Each begins with its owner, so another's words are other words: they cannot be found, nor counted, nor timed.

`7.wombat` is a word, `7.r.user` a role. No word has a dot inside, so the two are never taken for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chat.query.words import words_of

NANO = 1_000_000_000


def word(owner: int, text: str) -> str:
    return f"{owner}.{text}"


def known(owner: int, kind: str, value: object) -> str:
    return f"{owner}.{kind}.{value}"


def everything(owner: int) -> str:
    """In each document of this owner."""
    return known(owner, "o", "all")


def entry(owner: int, id: UUID) -> str:
    """In each document of this conversation or comparison."""
    return known(owner, "e", id.hex)


def size_of(value: float, scale: int = 1) -> int:
    """Which size it has, of four between each power of two and the next: a filter asks for all that may fit."""
    whole = int(value * scale)
    shift = max(0, whole.bit_length() - 3)
    return shift * 4 + (whole >> shift)


def text_of(owner: int, text: str, more: Sequence[str]) -> str:
    return " ".join([*(word(owner, each) for each in words_of(text)), *more])


@dataclass(frozen=True, slots=True)
class Phrase:
    """Lexemes side by side; the last may be only begun."""

    lexemes: tuple[str, ...]
    prefix: bool = False

    @property
    def fts5(self) -> str:
        return f'"{" ".join(self.lexemes)}"{" *" if self.prefix else ""}'

    @property
    def tsquery(self) -> str:
        quoted = [f"'{lexeme}'" for lexeme in self.lexemes]
        return f"({' <-> '.join(quoted)}{':*' if self.prefix else ''})"

    @property
    def needle(self) -> str:
        """How it stands in the words of a document, with a space before and after them."""
        return f" {' '.join(self.lexemes)}{'' if self.prefix else ' '}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One of these is there; or none of them. A `hint` only narrows what a condition on the tables asks as well."""

    phrases: tuple[Phrase, ...]
    negated: bool = False
    hint: bool = False


def fts5(owner: int, clauses: Sequence[Clause]) -> str:
    wanted = [_any([phrase.fts5 for phrase in each.phrases], " OR ") for each in clauses if not each.negated]
    unwanted = [phrase.fts5 for each in clauses if each.negated for phrase in each.phrases]
    text = " AND ".join(wanted) or Phrase((everything(owner),)).fts5
    return f"({text}) NOT {_any(unwanted, ' OR ')}" if unwanted else text


def tsquery(owner: int, clauses: Sequence[Clause]) -> str:
    wanted = [
        _any([phrase.tsquery for phrase in each.phrases], " | ") for each in clauses if not each.negated
    ]
    unwanted = [f"!{phrase.tsquery}" for each in clauses if each.negated for phrase in each.phrases]
    return " & ".join([*(wanted or [Phrase((everything(owner),)).tsquery]), *unwanted])


def _any(texts: Sequence[str], how: str) -> str:
    return f"({how.join(texts)})"

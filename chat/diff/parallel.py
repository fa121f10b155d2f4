"""Two texts beside one another: the words that they share, in rows that line up, and no more than a page can show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from chat.diff.words import MOST_STEPS, Difference, count_words, difference

# Characters. A browser takes seconds to lay out millions.
MOST_SHOWN = 200_000
# Of a text that is too long as a whole, a stretch that is the same keeps its ends, and one that is not its beginning.
MOST_OF_THE_SAME = 1_000
MOST_OF_A_CHANGE = 20_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the difference, and how many characters after it are not shown."""

    kind: str
    text: str
    left_out: int = 0

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Row:
    """The same lines of both texts."""

    a: list[Stretch]
    b: list[Stretch]

    @property
    def differs(self) -> bool:
        return any(stretch.kind != "same" for stretch in (*self.a, *self.b))


@dataclass(frozen=True)
class ParallelText:
    a: str
    b: str
    most_steps: int = MOST_STEPS
    most_shown: int = MOST_SHOWN

    @cached_property
    def difference(self) -> Difference:
        return difference(self.a, self.b, self.most_steps)

    @property
    def is_same(self) -> bool:
        return self.a == self.b

    @property
    def by_line(self) -> bool:
        return self.difference.by_line

    @cached_property
    def words_only_in_a(self) -> int:
        return self.difference.words_out

    @cached_property
    def words_only_in_b(self) -> int:
        return self.difference.words_in

    @cached_property
    def words_of_both(self) -> int:
        return sum(count_words(piece.text) for piece in self.difference.pieces if piece.kind == "same")

    @property
    def words_of_a(self) -> int:
        return self.words_of_both + self.words_only_in_a

    @property
    def words_of_b(self) -> int:
        return self.words_of_both + self.words_only_in_b

    @property
    def share(self) -> int:
        """Of the words of both texts, how many in a hundred are the same. All only where nothing differs."""
        if self.is_same:
            return 100
        words = self.words_of_a + self.words_of_b
        return min(99, round(200 * self.words_of_both / words)) if words else 0

    @cached_property
    def stretches(self) -> list[Stretch]:
        return list(_within(self.most_shown, self.difference))

    @cached_property
    def rows(self) -> list[Row]:
        return list(_rows(self.stretches))


def _within(room: int, changes: Difference) -> Iterator[Stretch]:
    size = sum(len(piece.text) for piece in changes.pieces)
    if size <= room:
        yield from (Stretch(piece.kind, piece.text) for piece in changes.pieces)
        return
    for piece in changes.pieces:
        for stretch in _shortened(piece.kind, piece.text):
            room -= len(stretch.text)
            size -= len(stretch.text) + stretch.left_out
            if room <= 0:
                yield Stretch(stretch.kind, stretch.text, stretch.left_out + size)
                return
            yield stretch


def _shortened(kind: str, text: str) -> Iterator[Stretch]:
    if kind == "same" and len(text) > 2 * MOST_OF_THE_SAME:
        yield Stretch(kind, text[:MOST_OF_THE_SAME], len(text) - 2 * MOST_OF_THE_SAME)
        yield Stretch(kind, text[-MOST_OF_THE_SAME:])
    else:
        most = len(text) if kind == "same" else MOST_OF_A_CHANGE
        yield Stretch(kind, text[:most], max(0, len(text) - most))


def _rows(stretches: Iterable[Stretch]) -> Iterator[Row]:
    """A row ends with a line that both texts end in the same way. What is the same over many lines is one row."""
    row = Row([], [])
    for stretch in stretches:
        if stretch.kind == "out":
            row.a.append(stretch)
        elif stretch.kind == "in":
            row.b.append(stretch)
        else:
            for lines, ends in _lines(stretch, split_first=row.differs):
                if lines.text or lines.left_out:
                    row.a.append(lines)
                    row.b.append(lines)
                if ends:
                    yield row
                    row = Row([], [])
    if row.a or row.b:
        yield row


def _lines(stretch: Stretch, *, split_first: bool) -> Iterator[tuple[Stretch, bool]]:
    """The end of the line that it stands in, if that differs; the lines between; the beginning of the line after them.
    With each, whether a row ends there."""
    text = stretch.text
    first = text.find("\n") + 1 if split_first else 0
    last = max(first, text.rfind("\n") + 1)
    if first:
        yield Stretch("same", text[:first]), True
    if first < last:
        yield Stretch("same", text[first:last]), True
    yield Stretch("same", text[last:], stretch.left_out), False

"""What followed what. The corpus is its own table of counts, read through a sorted index of its positions."""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

CONTEXT = 4  # tokens that the next one depends on

TOKEN_BYTES = 2


class Counts:
    """Counts of the token after any context of up to CONTEXT tokens, in eight bytes for each corpus token."""

    def __init__(self, tokens: Iterable[int], positions: Iterable[int] | None = None) -> None:
        self.tokens = array("H", tokens)
        self._text = big_endian(self.tokens)
        self.positions = array("I", self._sorted_positions() if positions is None else positions)
        self._cached = lru_cache(maxsize=512)(self._count)

    def followers(self, context: Sequence[int]) -> Mapping[int, int]:
        """How often each token came right after this context. Shared with later callers: do not change it."""
        return self._cached(big_endian(array("H", context)))

    def occurrences(self, run: Sequence[int]) -> int:
        start, end = self._range(big_endian(array("H", run)))
        return end - start

    def _count(self, context: bytes) -> Mapping[int, int]:
        start, end = self._range(context)
        length, tokens = len(context) // TOKEN_BYTES, self.tokens
        last = len(tokens) - length
        return Counter([tokens[at + length] for at in self.positions[start:end] if at < last])

    def _range(self, run: bytes) -> tuple[int, int]:
        key = self._slicer(len(run))
        start = bisect_left(self.positions, run, key=key)
        return start, bisect_right(self.positions, run, lo=start, key=key)

    def _sorted_positions(self) -> list[int]:
        return sorted(range(len(self.tokens)), key=self._slicer((CONTEXT + 1) * TOKEN_BYTES))

    def _slicer(self, length: int) -> Callable[[int], bytes]:
        text = self._text
        return lambda at: text[at * TOKEN_BYTES : at * TOKEN_BYTES + length]


def big_endian(tokens: "array[int]") -> bytes:
    """Bytes that sort as the numbers do."""
    if sys.byteorder == "little":
        tokens = tokens[:]
        tokens.byteswap()
    return tokens.tobytes()

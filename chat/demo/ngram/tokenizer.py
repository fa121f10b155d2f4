"""Text to token ids and back. Any text can be written, for every byte is a token too."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

END = 0  # the end-of-text token, which has no text
FIRST_BYTE = 1
FIRST_PIECE = FIRST_BYTE + 256

LONGEST_FRAGMENT = 6
FRAGMENTS = 1500

# Runs are bounded so that no text, however hostile, makes one long piece.
PIECE = re.compile(r"\n{1,4}| ?\w{1,24}| ?[^\w\s]{1,8}|[^\S\n]{1,16}(?!\S)|\s")


class Tokenizer:
    """A fixed vocabulary of pieces, with single bytes for what no piece covers.

    `decode(encode(text)) == text` for every text that UTF-8 can carry.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = tuple(pieces)
        self._ids = {piece: FIRST_PIECE + number for number, piece in enumerate(self.pieces)}
        self._longest = max(map(len, self.pieces), default=1)
        self._raw = [b"", *(bytes([byte]) for byte in range(256)), *(piece.encode() for piece in self.pieces)]
        self._spell = lru_cache(maxsize=8192)(self._spell_out)

    @property
    def size(self) -> int:
        return len(self._raw)

    def tokens(self, text: str) -> Iterator[int]:
        """Lazily, so that a caller with a limit can stop early in a huge text."""
        for match in PIECE.finditer(text):
            yield from self._spell(match[0])

    def encode(self, text: str) -> list[int]:
        return list(self.tokens(text))

    def decode(self, tokens: Iterable[int]) -> str:
        return b"".join(map(self.raw, tokens)).decode(errors="replace")

    def raw(self, token: int) -> bytes:
        return self._raw[token]

    def _spell_out(self, piece: str) -> tuple[int, ...]:
        spelled: list[int] = []
        while piece:
            head = self._longest_known(piece)
            known = self._ids.get(head)
            spelled += [FIRST_BYTE + byte for byte in head.encode()] if known is None else [known]
            piece = piece[len(head) :]
        return tuple(spelled)

    def _longest_known(self, piece: str) -> str:
        lengths = range(min(len(piece), self._longest), 1, -1)
        return next((piece[:length] for length in lengths if piece[:length] in self._ids), piece[0])


def learn(texts: Iterable[str]) -> Tokenizer:
    """A vocabulary of the pieces that come back, and of fragments that spell the others."""
    counts = Counter(match[0] for text in texts for match in PIECE.finditer(text))
    repeated = {piece for piece, count in counts.items() if count > 1 and len(piece) > 1}
    return Tokenizer(sorted(repeated.union(common_fragments(counts))))


def common_fragments(pieces: Iterable[str]) -> list[str]:
    found = Counter(
        piece[start : start + length]
        for piece in pieces
        for length in range(2, LONGEST_FRAGMENT + 1)
        for start in range(len(piece) - length + 1)
    )
    worth = sorted(found, key=lambda fragment: (-found[fragment] * (len(fragment) - 1), fragment))
    return worth[:FRAGMENTS]

"""From tokens to text that is safe to say: whole characters, and nothing that a stop sequence may cut."""

import codecs
from collections import deque
from collections.abc import Sequence

from chat.demo.delta import Token


class Voice:
    """Says the text of tokens as early as it may. After a stop sequence it is `stopped` and says no more."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = stop
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""
        self._said = 0  # characters
        self._heard = 0  # characters
        self._waiting: deque[tuple[int, Token]] = deque()
        self.stopped = False

    def hear(self, token: Token) -> tuple[str, tuple[Token, ...]]:
        """The text that may be said now, and the tokens that begin in it."""
        self._waiting.append((self._heard, token))
        return self._say(self._decoder.decode(token.raw))

    def close(self) -> tuple[str, tuple[Token, ...]]:
        """What was held back, now that nothing follows."""
        text, tokens = self._say(self._decoder.decode(b"", final=True))
        if self.stopped:
            return text, tokens
        rest, self._held = self._held, ""
        return text + rest, tokens + self._release(rest)

    def _say(self, text: str) -> tuple[str, tuple[Token, ...]]:
        self._heard += len(text)
        self._held += text
        cut = self._cut()
        if cut is None:
            cut = len(self._held) - self._unsafe()
        else:
            self.stopped = True
        said, self._held = self._held[:cut], self._held[cut:]
        return said, self._release(said)

    def _release(self, said: str) -> tuple[Token, ...]:
        self._said += len(said)
        released = []
        while self._waiting and self._waiting[0][0] < self._said:
            released.append(self._waiting.popleft()[1])
        return tuple(released)

    def _cut(self) -> int | None:
        found = [at for at in map(self._held.find, self._stop) if at >= 0]
        return min(found, default=None)

    def _unsafe(self) -> int:
        """How many characters at the end could be the beginning of a stop sequence."""
        return max((overlap(self._held, stop) for stop in self._stop), default=0)


def overlap(text: str, stop: str) -> int:
    """The length of the longest end of the text that begins the stop sequence."""
    lengths = range(min(len(text), len(stop) - 1), 0, -1)
    return next((length for length in lengths if text.endswith(stop[:length])), 0)

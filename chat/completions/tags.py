"""Reasoning that comes inside the text, between tags such as <think> and </think>.

An opening tag counts only at the very start of the answer. A closing </think> counts without one too,
because some chat templates put the opening tag into the prompt; quoted, as in `</think>`, it is text.
"""

from .events import Reasoning, Text, TextWasReasoning

PAIRS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reason>": "</reason>",
    "<reasoning>": "</reasoning>",
    "<seed:think>": "</seed:think>",
    "[THINK]": "[/THINK]",
    "<|begin_of_thought|>": "<|end_of_thought|>",
}
BARE = "</think>"
QUOTES = ("`", "'", '"')
LONGEST_BLANK = 200

Piece = Text | Reasoning | TextWasReasoning


class Splitter:
    """Splits the text of one choice. Holds back what may turn out to be a tag or a blank line to drop."""

    __slots__ = ("_choice", "_closing", "_held", "_last", "_state")

    def __init__(self, choice: int) -> None:
        self._choice = choice
        self._state = Splitter._at_start
        self._held = ""
        self._last = ""
        self._closing = BARE

    def feed(self, text: str) -> list[Piece]:
        if self._held:
            text = self._held + text
            self._held = ""
        return self._state(self, text) if text else []

    def stop(self) -> list[Piece]:
        """Reasoning came by its own way, so tags in the text are only text."""
        if self._state is Splitter._inside:
            return []
        pieces = self.end()
        self._state = Splitter._as_text
        return pieces

    def end(self) -> list[Piece]:
        """What was held back. Blanks after the last tag are dropped."""
        held, self._held = self._held, ""
        if self._state is Splitter._after:
            return []
        return self._reasoning(held) if self._state is Splitter._inside else self._text(held)

    def _at_start(self, text: str) -> list[Piece]:
        begun = text.lstrip()
        for opening, closing in PAIRS.items():
            if begun.startswith(opening):
                self._state, self._closing = Splitter._inside, closing
                return self.feed(begun.removeprefix(opening))
        if len(text) < LONGEST_BLANK and any(opening.startswith(begun) for opening in PAIRS):
            self._held = text
            return []
        self._state = Splitter._before_bare_tag
        return self.feed(text)

    def _inside(self, text: str) -> list[Piece]:
        reasoning, tag, rest = text.partition(self._closing)
        if not tag:
            return self._reasoning(self._hold_back(text))
        self._state = Splitter._after
        return self._reasoning(reasoning) + self.feed(rest)

    def _before_bare_tag(self, text: str) -> list[Piece]:
        if "<" not in text:
            return self._text(text)
        at = self._find_bare_tag(text)
        if at < 0:
            return self._text(self._hold_back(text))
        self._state = Splitter._after
        return [*self._text(text[:at]), TextWasReasoning(self._choice), *self.feed(text[at + len(BARE) :])]

    def _after(self, text: str) -> list[Piece]:
        begun = text.lstrip()
        indent = text[: len(text) - len(begun)].rpartition("\n")[2]
        if not begun and len(indent) < LONGEST_BLANK:
            self._held = text if "\n" not in text else "\n" + indent
            return []
        self._state = Splitter._as_text
        return self._text(indent + begun)

    def _as_text(self, text: str) -> list[Piece]:
        return self._text(text)

    def _find_bare_tag(self, text: str) -> int:
        at = text.find(BARE)
        while at >= 0 and (text[at - 1] if at else self._last) in QUOTES:
            at = text.find(BARE, at + 1)
        return at

    def _hold_back(self, text: str) -> str:
        """Holds the longest end of the text that may be the start of a closing tag; answers the rest."""
        for length in range(min(len(self._closing) - 1, len(text)), 0, -1):
            if self._closing.startswith(text[-length:]):
                self._held = text[-length:]
                return text[:-length]
        return text

    def _text(self, text: str) -> list[Piece]:
        if not text:
            return []
        self._last = text[-1]
        return [Text(text, self._choice)]

    def _reasoning(self, text: str) -> list[Piece]:
        return [Reasoning(text, self._choice)] if text else []

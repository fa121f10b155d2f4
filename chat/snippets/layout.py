"""Where lines break: a value that fits stands on one line, another one on a line for each of its parts."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping

WIDTH = 88
ZERO_WIDTH_JOINER = "\u200d"  # invisible, but emoji are made with it
EXPONENT = re.compile(r"e([+-])0*(\d)")


class Writer(ABC):
    """Writes JSON's kinds of values as literals of one language."""

    step = "  "
    null, true, false = "null", "true", "false"
    inner = ""  # between a brace and what stands beside it
    last_comma = ","

    def write(self, value: object, margin: str = "", taken: int = 0) -> str:
        """`margin` stands before each further line; so many characters of the first line are `taken`."""
        match value:
            case None:
                return self.null
            case bool():
                return self.true if value else self.false
            case int() | float():
                return EXPONENT.sub(r"e\1\2", repr(value))
            case str():
                return self.text(value, margin, taken)
            case Mapping():
                return self.block("{", self.pairs(value, margin + self.step), "}", margin, taken)
            case list():
                items = [self.write(item, margin + self.step) for item in value]
                return self.block("[", items, "]", margin, taken)
            case _:
                raise TypeError(f"{type(value).__name__} is nothing that JSON knows")

    def pairs(self, values: Mapping[str, object], margin: str) -> list[str]:
        return [self.pair(self.key(key) + ": ", value, margin) for key, value in values.items()]

    def pair(self, name: str, value: object, margin: str) -> str:
        return name + self.write(value, margin, len(name))

    def block(self, opening: str, items: list[str], closing: str, margin: str = "", taken: int = 0) -> str:
        """The items between brackets. They were written with a margin one step wider than this one."""
        if not items:
            return opening + closing
        inner = self.inner if opening.endswith("{") else ""
        line = f"{opening}{inner}{', '.join(items)}{inner}{closing}"
        if "\n" not in line and len(margin) + taken + len(line) < WIDTH:
            return line
        return self.lines(opening, items, closing, margin)

    def lines(self, opening: str, items: list[str], closing: str, margin: str = "") -> str:
        between = f",\n{margin}{self.step}"
        return f"{opening}\n{margin}{self.step}{between.join(items)}{self.last_comma}\n{margin}{closing}"

    def text(self, text: str, margin: str, taken: int) -> str:
        """One line if it fits or has no line breaks; else a line of code for each of its lines."""
        line = self.quote(text)
        parts = text.split("\n")
        if len(parts) < 2 or len(margin) + taken + len(line) < WIDTH:
            return line
        return self.long_text(parts, margin)

    def long_text(self, parts: list[str], margin: str) -> str:
        return self.quote("\n".join(parts))

    @abstractmethod
    def quote(self, text: str) -> str:
        """One literal, on one line."""

    def key(self, key: str) -> str:
        return self.quote(key)


def quoted(text: str, named: Mapping[str, str], numbered: Callable[[int], str]) -> str:
    """In double quotes, or in single ones where that needs fewer backslashes."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + escaped(text, {**named, mark: "\\" + mark}, numbered) + mark


def escaped(text: str, named: Mapping[str, str], numbered: Callable[[int], str]) -> str:
    """With an escape for each character that has a name, and for each that could not be seen."""
    if text.isprintable() and not any(character in text for character in named):
        return text
    return "".join(_escaped(text, named, numbered))


def _escaped(text: str, named: Mapping[str, str], numbered: Callable[[int], str]) -> Iterable[str]:
    for character in text:
        if name := named.get(character):
            yield name
        elif character.isprintable() or character == ZERO_WIDTH_JOINER:
            yield character
        else:
            yield numbered(ord(character))

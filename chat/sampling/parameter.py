"""One request parameter: how it is typed and shown, what it may hold, who takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .typed import (
    Bad,
    parse_bias,
    parse_choice,
    parse_integer,
    parse_lines,
    parse_number,
    parse_object,
    parse_text,
    show_bias,
    show_lines,
    show_object,
    show_plain,
)

Settings = Mapping[str, object]
Kind = Literal["number", "integer", "choice", "text", "lines", "bias", "object"]

PARSE: Mapping[Kind, Callable[[str], object]] = {
    "number": parse_number,
    "integer": parse_integer,
    "choice": parse_text,
    "text": parse_text,
    "lines": parse_lines,
    "bias": parse_bias,
    "object": parse_object,
}
SHOW: Mapping[Kind, Callable[[object], str]] = {
    "number": show_plain,
    "integer": show_plain,
    "choice": show_plain,
    "text": show_plain,
    "lines": show_lines,
    "bias": show_bias,
    "object": show_object,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One request parameter: what it is called, what it may hold, who takes it, and how it is sent."""

    name: str
    label: str
    kind: Kind
    group: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    scale: Literal["linear", "power-of-two"] = "linear"
    most: int = 0  # of a list
    choices: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    not_in: frozenset[str] = frozenset()
    wire: Mapping[str, str] = field(default_factory=dict)
    encode: Callable[[str, object, Settings], Mapping[str, object]] | None = None
    keys: frozenset[str] = frozenset()  # what `encode` may put into a request
    # The provider's own value where none is sent, by dialect: only where its documentation tells one for all models.
    defaults: Mapping[str, float | str] = field(default_factory=dict)

    def key(self, dialect: str) -> str:
        """The key in the request body of this dialect."""
        return self.wire.get(dialect, self.name)

    def taken_by(self, dialect: str) -> bool:
        return dialect in self.only if self.only else dialect not in self.not_in

    def sent(self, dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
        """What this value puts into the request body."""
        return self.encode(dialect, value, settings) if self.encode else {self.key(dialect): value}

    def fits(self, value: object) -> bool:
        """Whether a value that somebody else told could be one of this parameter."""
        if self.kind in ("number", "integer"):
            return isinstance(value, int | float)
        return value in self.choices

    def parse(self, text: str) -> object:
        """The value that a person typed. Raises ValueError with words for that person."""
        try:
            value = PARSE[self.kind](text)
        except Bad as bad:
            raise ValueError(f"{self.label} must be {bad}") from None
        if self.choices:
            value = parse_choice(text, self.choices, self.label)
        if isinstance(value, int | float) and not self.holds(value):
            raise ValueError(f"{self.label} must be {self.range_in_words()}.")
        if self.most and isinstance(value, list | dict) and len(value) > self.most:
            raise ValueError(f"{self.label} can have {self.most} at most, and here are {len(value)}.")
        return value

    def show(self, value: object) -> str:
        """The value as a person would type it."""
        return SHOW[self.kind](value)

    def holds(self, value: float) -> bool:
        if value != value:
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)

    def range_in_words(self) -> str:
        if self.maximum is None:
            return f"at least {self.minimum or 0:,g}"
        return f"from {in_digits(self.minimum or 0)} to {in_digits(self.maximum)}"


def in_digits(bound: float) -> str:
    """A whole number with its thousands apart, and no power of ten."""
    return f"{bound:,.0f}" if bound == int(bound) else f"{bound:g}"

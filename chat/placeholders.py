"""`{{ name }}` in a prompt: which names a text has, of what type they are, and the text with their values.

Replacement is plain text, in one pass. Whatever else stands in braces is left as it is.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chat.refusals import Refused

# Possessive throughout: two megabytes of braces are read once.
PLACEHOLDER = re.compile(r"(?<!\{)\{\{[ \t]*+([^\W\d_]\w{0,59}+)[ \t]*+\}\}(?!\})")
TYPES = {"text": "Text", "multiline": "Text of several lines", "number": "Number", "choice": "Choice"}
MOST_VARIABLES = 100
LONGEST_RENDERED = 2_000_000


class Unfilled(Refused):
    """The prompt cannot be sent as it is. The message names each placeholder that is in the way."""

    def __init__(self, problems: Iterable[str]) -> None:
        super().__init__(" ".join(problems), status=422)


@dataclass(frozen=True, slots=True)
class Variable:
    """What a placeholder stands for. `default` is sent where nothing is filled in."""

    name: str
    type: str = "text"
    default: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Variable":
        return cls(**{**stored, "choices": tuple(stored.get("choices", ()))})

    def stored(self) -> dict[str, object]:
        return {**asdict(self), "choices": list(self.choices)}

    def value(self, typed: str) -> str:
        return typed if typed.strip() else self.default

    def problem(self, typed: str) -> str:
        """What is wrong with this value, as the end of a sentence that begins with the name; empty if nothing is."""
        value = self.value(typed)
        if not value.strip():
            return "has no value" if self.required else ""
        if self.type == "number" and not is_number(value):
            return "must be a number"
        if self.type == "choice" and value not in self.choices:
            return f"must be one of {', '.join(self.choices)}"
        return ""

    def fault(self) -> str:
        """What is wrong with the description itself, as the end of a sentence."""
        if self.type == "choice" and not self.choices:
            return "needs at least one choice"
        return self.problem(self.default) if self.default.strip() else ""


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def names_in(text: str) -> list[str]:
    """Each name once, in the order of the text."""
    return list(dict.fromkeys(match[1] for match in PLACEHOLDER.finditer(text)))


def pieces_of(text: str) -> list[tuple[str, bool]]:
    """The text cut at its placeholders, and which of the pieces are placeholders."""
    pieces, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        pieces += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [(piece, marked) for piece, marked in [*pieces, (text[end:], False)] if piece]


def variables_in(text: str, known: Iterable[Variable] = ()) -> list[Variable]:
    """One for each name of the text: the known one, or a new one."""
    by_name = {variable.name: variable for variable in known}
    return [by_name.get(name) or Variable(name) for name in names_in(text)]


def render(text: str, variables: Sequence[Variable], typed: Mapping[str, str]) -> str:
    """The text with its values. Raises Unfilled."""
    by_name = {variable.name: variable for variable in variables}
    names = names_in(text)
    if problems := [words for name in names if (words := _problem(name, by_name, typed))]:
        raise Unfilled(problems[:10])
    values = {name: by_name[name].value(typed.get(name, "")) for name in names}
    # A value may stand in many places: the sum is known before anything of that size is made.
    size = len(text) + sum(len(values[match[1]]) - len(match[0]) for match in PLACEHOLDER.finditer(text))
    if size > LONGEST_RENDERED:
        raise Unfilled(
            [f"With its values the prompt has {size:,} characters, and {LONGEST_RENDERED:,} are the most."]
        )
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _problem(name: str, by_name: Mapping[str, Variable], typed: Mapping[str, str]) -> str:
    if name not in by_name:
        return f"{{{{{name}}}}} is no variable of this prompt: save it as a new version, or detach it."
    words = by_name[name].problem(typed.get(name, ""))
    return f"{name} {words}." if words else ""

"""From what a person types to a value, and back: each form of a parameter, both ways."""

import json
import math
from collections.abc import Mapping, Sequence

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
LARGEST_BIAS = 100
MOST_LEVELS = 100


class Bad(ValueError):
    """What was typed cannot be read. The message ends the sentence "… must be"."""


def parse_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Bad("a number, such as 0.7.") from None


def parse_integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Bad("a whole number, such as 256.") from None


def parse_text(text: str) -> str:
    return text.strip()


def parse_choice(text: str, choices: Sequence[str], label: str) -> str:
    if text not in choices:
        raise ValueError(f"{label} must be one of {', '.join(choices)}.")
    return text


def parse_lines(text: str) -> list[str]:
    """One on a line. An escape stands for what a line cannot hold."""
    return [unescape(line) for line in text.split("\n") if line]


def parse_bias(text: str) -> dict[str, float]:
    """`token id: bias`, one on a line, or the JSON object that the API takes."""
    pairs = (
        parse_object(text)
        if text.strip().startswith("{")
        else dict(_pair(line) for line in text.splitlines() if line)
    )
    return {str(token): _bias(token, value) for token, value in pairs.items()}


def parse_object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Bad('a JSON object, such as {"key": 1}.') from None
    if not isinstance(value, dict):
        raise Bad('a JSON object, such as {"key": 1}.')
    if _is_deeper(value, MOST_LEVELS):
        raise Bad(f"a JSON object of at most {MOST_LEVELS} levels.")
    if _holds_nul(value):
        raise Bad("a JSON object without NUL characters: no provider takes them.")
    return value


def _holds_nul(value: object) -> bool:
    """PostgreSQL could not keep it."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(held) for key, held in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))


def show_plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def show_lines(value: object) -> str:
    return "\n".join(escape(str(line)) for line in value) if isinstance(value, list) else ""


def show_bias(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    return "\n".join(f"{token}: {show_plain(bias)}" for token, bias in value.items())


def show_object(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def escape(text: str) -> str:
    for letter, character in reversed(ESCAPES.items()):
        text = text.replace(character, f"\\{letter}")
    return text


def unescape(text: str) -> str:
    """A backslash before anything else is a backslash."""
    pieces, rest = [], iter(text)
    for character in rest:
        if character != "\\":
            pieces.append(character)
            continue
        letter = next(rest, "")
        pieces.append(ESCAPES.get(letter, f"\\{letter}"))
    return "".join(pieces)


def _pair(line: str) -> tuple[str, str]:
    token, colon, bias = line.partition(":")
    if not colon:
        raise Bad("a token id and a bias, such as 1712: -100.")
    return token.strip(), bias.strip()


def _bias(token: object, value: object) -> float:
    try:
        bias = float(str(value))
    except ValueError:
        bias = math.nan
    if not str(token).isdecimal() or not -LARGEST_BIAS <= bias <= LARGEST_BIAS:
        raise Bad("a token id and a bias from -100 to 100, such as 1712: -100.")
    return int(bias) if bias == int(bias) else bias


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deeper(each, levels - 1) for each in inner)


def _no_constant(name: str) -> object:
    raise ValueError(name)

"""Single values for the simple types of a JSON schema."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from chat.demo.showcase.schemas import Schema
from chat.demo.showcase.validity import is_number_of

LARGEST_WHOLE = 2**53
LONGEST_STRING = 10_000  # characters

FORMATS = {
    "date-time": "2026-01-{day:02}T09:30:00Z",
    "date": "2026-01-{day:02}",
    "time": "09:{day:02}:00Z",
    "duration": "P{day}D",
    "email": "person{day}@example.org",
    "idn-email": "person{day}@example.org",
    "hostname": "host{day}.example.org",
    "idn-hostname": "host{day}.example.org",
    "ipv4": "192.0.2.{day}",
    "ipv6": "2001:db8::{day}",
    "uri": "https://example.org/{day}",
    "iri": "https://example.org/{day}",
    "uri-reference": "/example/{day}",
    "iri-reference": "/example/{day}",
    "uuid": "123e4567-e89b-42d3-a456-4266141740{day:02}",
    "json-pointer": "/example/{day}",
    "regex": "^example{day}$",
}


def scalar(kind: str, schema: Schema, variant: int) -> Any:
    """A null, boolean or number. None where no number fits."""
    if kind == "null":
        return None
    if kind == "boolean":
        return variant % 2 == 0
    fitting = (value for value in numbers(kind, schema, variant) if is_number_of(schema, value))
    return next(fitting, None)


def numbers(kind: str, schema: Schema, variant: int) -> Iterator[float]:
    """Candidates, the plainest first: a small number, then multiples and points between the bounds."""
    low = lowest(schema)
    high = highest(schema)
    if kind == "number":
        yield variant + 1.5  # with a point, so that it is not taken for an integer
    yield variant + 1
    yield 0
    start = low if low is not None else (high - 100 if high is not None else Fraction(1))
    step = Fraction(str(schema.get("multipleOf", 1)))
    for multiple in range(math.ceil(start / step), math.ceil(start / step) + 3):
        yield plain((multiple + variant) * step, kind)
        yield plain(multiple * step, kind)
    if kind == "number" and low is not None and high is not None:
        yield float(low + (high - low) * Fraction(1, variant + 2))
        yield float(low)
        yield float(high)
    elif kind == "number":
        yield float(start) + 0.5


def lowest(schema: Schema) -> Fraction | None:
    bounds = [schema[key] for key in ("minimum", "exclusiveMinimum") if key in schema]
    return max((Fraction(str(bound)) for bound in bounds), default=None)


def highest(schema: Schema) -> Fraction | None:
    bounds = [schema[key] for key in ("maximum", "exclusiveMaximum") if key in schema]
    return min((Fraction(str(bound)) for bound in bounds), default=None)


def plain(value: Fraction, kind: str) -> float:
    """A whole number as an int, so that it is written without a point, unless JSON readers would lose it."""
    if abs(value) > LARGEST_WHOLE:
        return float(value)
    return int(value) if value.denominator == 1 else (math.ceil(value) if kind == "integer" else float(value))


def string(schema: Schema, words: Sequence[str], variant: int) -> str | None:
    """A string of the wanted format, or a word of the wanted length. None where they do not go together."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", LONGEST_STRING)
    if shortest > min(longest, LONGEST_STRING):
        return None
    if form := FORMATS.get(schema.get("format", "")):
        value = form.format(day=variant % 28 + 1)
        return value if shortest <= len(value) <= longest else None
    return stretched(word(words, variant), shortest)[: int(longest)]


def word(words: Sequence[str], variant: int) -> str:
    return words[variant] if variant < len(words) else f"{words[variant % len(words)]} {variant + 1}"


def stretched(text: str, shortest: int) -> str:
    return text if len(text) >= shortest else (f"{text} " * shortest)[:shortest]

"""What a query says. `parse` reads it, `str` writes it again, and of what cannot be read it says why, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .words import words_of

LONGEST_QUERY = 500
MOST_TERMS = 32

ROLES = ("system", "user", "assistant", "tool")
HAS = ("image", "tool", "error", "star")
IS = ("pinned", "archived")


@dataclass(frozen=True, slots=True)
class Key:
    wants: str
    example: str
    values: tuple[str, ...] = ()
    kind: str = "text"  # text, choice, number, day


KEYS = {
    "model": Key("a part of a model's name", "model:qwen"),
    "provider": Key("a part of a provider's name", "provider:together"),
    "tag": Key("a tag", "tag:demo"),
    "folder": Key("the name of a folder", "folder:work"),
    "role": Key("system, user, assistant or tool", "role:user", ROLES, "choice"),
    "cost": Key("a number of dollars", "cost:>0.01", kind="number"),
    "tokens": Key("a number", "tokens:>1000", kind="number"),
    "finish": Key("how an answer ended", "finish:length"),
    "has": Key("image, tool, error or star", "has:image", HAS, "choice"),
    "is": Key("pinned or archived", "is:pinned", IS, "choice"),
    "before": Key("a day, a month or a year", "before:2026-10", kind="day"),
    "after": Key("a day, a month or a year", "after:2026-09-12", kind="day"),
}
OPERATORS = (">=", "<=", ">", "<", "=")


class QueryError(ValueError):
    """What cannot be right, and where: the letters from `begin` to `end`."""

    def __init__(self, message: str, begin: int, end: int) -> None:
        super().__init__(message)
        self.begin, self.end = begin, end


@dataclass(frozen=True, slots=True)
class Words:
    """These words side by side. `prefix`: the last of them is only begun."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False

    def __str__(self) -> str:
        text = " ".join(self.words)
        quoted = text if len(self.words) == 1 else f'"{text}"'
        return f"{'-' * self.negated}{quoted}{'*' * self.prefix}"


@dataclass(frozen=True, slots=True)
class Filter:
    key: str
    value: str | float | date
    operator: str = "="
    # Of `before` and `after`: how much of a date was written, so that it is written so again.
    written: str = ""
    negated: bool = False

    def __str__(self) -> str:
        operator = self.operator if KEYS[self.key].kind == "number" and self.operator != "=" else ""
        return f"{'-' * self.negated}{self.key}:{operator}{in_quotes(self.written or str(self.value))}"


Term = Words | Filter


@dataclass(frozen=True, slots=True)
class Query:
    """All of its terms hold."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def wanted(self) -> list[Words]:
        """What an excerpt marks."""
        return [term for term in self.terms if isinstance(term, Words) and not term.negated]


def in_quotes(text: str) -> str:
    plain = re.fullmatch(r"""[^\s"\\<>=/][^\s"\\]*""", text)
    return text if plain else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


# A key or not, then something in quotes (open at the end of what one types) or up to the next space.
_TERM = re.compile(
    r"""(?P<minus>-?)(?:(?P<key>[A-Za-z]+):(?!//)(?P<operator>>=|<=|>|<|=)?)?
        (?:"(?P<quoted>(?:[^"\\]|\\.)*\\?)(?:"|\Z)(?P<star>\*?)|(?P<plain>[^\s"]*))""",
    re.VERBOSE | re.DOTALL,
)


def parse(text: str, *, typing: bool = False) -> Query:
    """With `typing`, a word at the very end may go on. Raises QueryError, and nothing else."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"A query has at most {LONGEST_QUERY} letters.", LONGEST_QUERY, len(text))
    terms = [term for match in _matches(text) if (term := _term(match, typing))]
    if len(terms) > MOST_TERMS:
        raise QueryError(f"A query has at most {MOST_TERMS} words and filters.", 0, len(text))
    return Query(tuple(terms))


def _matches(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
        elif (match := _TERM.match(text, place)) and match.end() > place:
            yield match
            place = match.end()
        else:
            place += 1


def _term(match: re.Match[str], typing: bool) -> Term | None:
    quoted = match["quoted"]
    written = match["plain"] if quoted is None else _unquoted(quoted)
    if match["key"]:
        if match["key"].lower() in KEYS or written:
            return _filter(match)
        written = match["key"]  # the colon of a sentence
    words = tuple(words_of(written))
    if not words:
        return None
    negated = bool(match["minus"])
    begun = bool(match["star"]) if quoted is not None else written.endswith("*")
    if typing and quoted is None and not negated and match.end() == len(match.string):
        # Where something other than a letter follows, the word is whole.
        begun = begun or bool(words_of(written[-1]))
    return Words(words, begun, negated)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _filter(match: re.Match[str]) -> Filter:
    name = match["key"].lower()
    begin, end = match.span()
    key = KEYS.get(name)
    if key is None:
        known = ", ".join(KEYS)
        raise QueryError(
            f"There is no key “{match['key']}”. There are {known}. "
            f'Quotes look for it as words: "{match[0].strip(chr(34))}".',
            begin, begin + len(match["minus"]) + len(match["key"]) + 1,
        )  # fmt: skip
    value = match["plain"] if match["quoted"] is None else _unquoted(match["quoted"])
    operator, negated = match["operator"] or "", bool(match["minus"])
    if operator and key.kind != "number":
        raise _wrong(name, f"takes no “{operator}”", begin, end)
    if not value.strip():
        raise _wrong(name, f"wants {key.wants}", begin, end)
    if key.kind == "number":
        return Filter(name, _number(name, value, begin, end), operator or "=", value.strip(), negated)
    if key.kind == "day":
        return Filter(name, _day(name, value, begin, end), "=", value.strip(), negated)
    if key.kind == "choice":
        if value.lower() not in key.values:
            raise _wrong(name, f"wants {key.wants}", begin, end)
        value = value.lower()
    return Filter(name, value, "=", "", negated)


def _wrong(name: str, what: str, begin: int, end: int) -> QueryError:
    return QueryError(f"{name}: {what}, e.g. {KEYS[name].example}", begin, end)


def _number(name: str, written: str, begin: int, end: int) -> float:
    plain = written.strip().lstrip("$")
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,12})?|\.[0-9]{1,12}", plain):
        raise _wrong(name, f"wants {KEYS[name].wants}", begin, end)
    return float(plain)


def _day(name: str, written: str, begin: int, end: int) -> date:
    """The first day of what was written."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?", written.strip())
    try:
        if match:
            year, month, day = match.groups()
            return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        pass
    raise _wrong(name, f"wants {KEYS[name].wants}", begin, end)

"""Where the time of a call went: its phases, and the gaps between its tokens. PURE; all times in milliseconds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median

import orjson

WIDTH = 1000  # of both drawings
HEIGHT = 48
NARROWEST = 4  # a phase that short is still to be seen
BETWEEN = 1

Arrivals = Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Phase:
    name: str
    start: float
    end: float
    tokens: int | None = None

    @property
    def length(self) -> float:
        return self.end - self.start

    @property
    def speed(self) -> float | None:
        return self.tokens / self.length * 1000 if self.tokens and self.length > 0 else None


@dataclass(frozen=True, slots=True)
class Gaps:
    """How long each token came after the one before it, and when."""

    each: list[tuple[float, float]]

    @property
    def median(self) -> float:
        return median(gap for _, gap in self.each)

    @property
    def longest(self) -> tuple[float, float]:
        return max(self.each, key=lambda one: one[1])


def phases_of(timings: Mapping[str, float], usage: Mapping[str, int | None], *, thought: bool) -> list[Phase]:
    """In order, without a hole, from the request to its end. Phases that did not happen are left out."""
    over = timings.get("ended")
    if over is None:
        return []
    starts = [(name, at) for name, at in _starts(timings, thought=thought) if at is not None]
    counts = _counts(usage, thought=thought)
    ends = [*(at for _, at in starts[1:]), over]
    return [
        Phase(name, at, max(at, end), counts.get(name))
        for (name, at), end in zip(starts, ends, strict=True)
        if end > at or name == "queued"
    ]


def _starts(timings: Mapping[str, float], *, thought: bool) -> Iterator[tuple[str, float | None]]:
    attempt, connected = timings.get("attempt"), timings.get("connected")
    first_token, first_text = timings.get("first_token"), timings.get("first_text")
    yield "queued", 0.0
    if attempt != timings.get("called"):
        yield "retrying", timings.get("called")
    # What runs inside this server needs no connection.
    if connected is not None or "opened" not in timings:
        yield "connecting", attempt
    yield "waiting", attempt if connected is None and "opened" in timings else connected
    if thought:
        yield "reasoning", first_token
    yield "answering", first_text if thought else first_token


def _counts(usage: Mapping[str, int | None], *, thought: bool) -> dict[str, int]:
    """A provider that does not say how many of its tokens were reasoning leaves both unknown."""
    said, reasoning = usage.get("completion_tokens"), usage.get("reasoning_tokens")
    if said is None or (thought and reasoning is None):
        return {}
    reasoning = (reasoning or 0) if thought else 0
    return {"reasoning": reasoning, "answering": max(0, said - reasoning)}


def gaps_of(arrivals: Arrivals) -> Gaps | None:
    """None where fewer than two events say something."""
    times = [at for at, data in arrivals if says_something(data)]
    return Gaps([(there, there - here) for here, there in pairwise(times)]) if len(times) > 1 else None


def says_something(data: str) -> bool:
    """Whether this event brought words: a beginning, an end and a count of tokens do not."""
    try:
        choices = orjson.loads(data)["choices"]
        return any(_has_words(choice) for choice in choices)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _has_words(choice: Mapping[str, object]) -> bool:
    delta = choice.get("delta")
    said = {**delta, "role": None} if isinstance(delta, dict) else {"text": choice.get("text")}
    return any(said.values())


# Drawings


def strip_of(phases: Sequence[Phase]) -> list[tuple[Phase, float, float]]:
    """Each phase with its place and width. A short one takes more room than it has a right to."""
    total = sum(phase.length for phase in phases)
    room = WIDTH - (len(phases) - 1) * (NARROWEST + BETWEEN) - NARROWEST
    drawn, x = [], 0.0
    for phase in phases:
        width = NARROWEST + (phase.length / total * room if total else 0)
        drawn.append((phase, round(x, 1), round(width, 1)))
        x += width + BETWEEN
    return drawn


def trace_of(gaps: Gaps, over: float) -> str:
    """A line for each gap, where it ended; of those in one place the longest. Heights grow as its root."""
    tallest = gaps.longest[1] or 1.0
    columns: dict[float, float] = {}
    for at, gap in gaps.each:
        x = round(min(at / over, 1) * WIDTH * 2) / 2
        columns[x] = max(gap, columns.get(x, 0.0))
    return "".join(
        f"M{x:g} {HEIGHT}v-{max(1.0, sqrt(gap / tallest) * (HEIGHT - 1)):.1f}" for x, gap in columns.items()
    )

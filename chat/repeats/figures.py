"""The same request asked several times: how much the answers agree, how long they are, and what they took. PURE.

Agreement, lengths and times are those of the answers that were finished: of half an answer nobody knows what it would
have been. Those that failed, were stopped or still run are counted apart. The sum of the cost is of all of them.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from chat.repeats.agreement import Group, distinct_but_for_space_and_case, groups_of, similarity
from chat.repeats.conforming import Verdict, is_json, schema_in, verdicts, wants_json

FINISHED, RUNNING = "finished", "running"


@dataclass(frozen=True, slots=True)
class Answer:
    """Times are milliseconds, the cost is USD, None is unknown. One call may give several answers: what it took is the
    same in all of them, and counts once for each `call`. Tokens are those of this answer alone."""

    text: str
    status: str
    call: Hashable
    finish: str = ""
    tokens: float | None = None
    duration: float | None = None
    first_token: float | None = None
    cost: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the values that are known."""

    values: tuple[float, ...]

    @property
    def least(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def most(self) -> float:
        return max(self.values)


@dataclass(frozen=True)
class Repeats:
    """All figures are of the finished answers, in their order, but for `cost_in_all` and the counts by status."""

    answers: Sequence[Answer]
    request: Mapping[str, Any]

    @cached_property
    def finished(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status == FINISHED]

    @property
    def running(self) -> int:
        return self._counts[RUNNING]

    @property
    def went_wrong(self) -> list[tuple[str, int]]:
        """How many of them failed, were interrupted, were stopped."""
        return [
            (status, count)
            for status, count in self._counts.most_common()
            if status not in (FINISHED, RUNNING)
        ]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(answer.status for answer in self.answers)

    # What they say

    @cached_property
    def groups(self) -> list[Group]:
        """By their places among `finished`."""
        return groups_of(self._texts)

    @property
    def agreement(self) -> float | None:
        """The share of the most frequent answer."""
        return self.groups[0].share if self.groups else None

    @cached_property
    def loosely_distinct(self) -> int:
        """Distinct answers, where neither space nor the case of letters makes a difference."""
        return distinct_but_for_space_and_case(self._texts)

    @cached_property
    def similarity(self) -> float | None:
        return similarity(self.groups)

    @property
    def finishes(self) -> list[tuple[str, int]]:
        """How often each reason to finish was given, the most frequent first."""
        return Counter(answer.finish for answer in self.finished).most_common()

    @cached_property
    def _texts(self) -> list[str]:
        return [answer.text for answer in self.finished]

    # What they took

    @property
    def characters(self) -> Spread | None:
        return spread(len(text) for text in self._texts)

    @property
    def tokens(self) -> Spread | None:
        return spread(answer.tokens for answer in self.finished)

    @property
    def duration(self) -> Spread | None:
        return spread(call.duration for call in once_a_call(self.finished))

    @property
    def first_token(self) -> Spread | None:
        return spread(call.first_token for call in once_a_call(self.finished))

    @property
    def cost(self) -> Spread | None:
        return spread(call.cost for call in once_a_call(self.finished))

    @property
    def cost_in_all(self) -> float | None:
        """Also of those that went wrong: what was spent was spent."""
        known = [call.cost for call in once_a_call(self.answers) if call.cost is not None]
        return sum(known) if known else None

    @property
    def estimated(self) -> bool:
        """Whether some of the tokens and costs of the finished ones are our own estimates."""
        return any(answer.estimated for answer in self.finished)

    @property
    def estimated_in_all(self) -> bool:
        return any(answer.estimated for answer in self.answers)

    # Whether they are what was asked for

    @cached_property
    def asks_for_json(self) -> bool:
        return wants_json(self.request)

    @cached_property
    def has_schema(self) -> bool:
        return schema_in(self.request) is not None

    @cached_property
    def json_count(self) -> int:
        return sum(is_json(text) for text in self._texts)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Of each of `finished`; of none where there is no schema."""
        return verdicts(schema_in(self.request), self._texts) if self.has_schema else []

    @property
    def fitting(self) -> int:
        return self._judged("fits")

    @property
    def judged(self) -> int:
        """Those of which it is known whether they fit."""
        return len(self.verdicts) - self._judged("unknown")

    @property
    def unknown(self) -> str:
        """Why it is not known of the others."""
        return next((words for kind, words in self.verdicts if kind == "unknown"), "")

    def _judged(self, kind: str) -> int:
        return sum(each == kind for each, _ in self.verdicts)


def spread(values: Iterable[float | None]) -> Spread | None:
    known = tuple(value for value in values if value is not None)
    return Spread(known) if known else None


def once_a_call(answers: Iterable[Answer]) -> list[Answer]:
    return list({answer.call: answer for answer in answers}.values())

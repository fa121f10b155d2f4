"""The figures of repeated answers in words, each with its unit; and each distinct answer with those that say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chat.costs import in_dollars
from chat.facts import seconds
from chat.models import Message
from chat.repeats.agreement import Group
from chat.repeats.conforming import Verdict
from chat.repeats.figures import FINISHED, Repeats, Spread

NONE = "–"
# The rest of an answer is behind its link.
LONGEST_SHOWN = 4_000

# Name, value, and what stands small beside it.
Figure = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A distinct answer, and by their numbers the messages that say it."""

    group: Group
    members: list[tuple[int, Message]]
    verdict: Verdict | None

    @property
    def text(self) -> str:
        return self.group.text[:LONGEST_SHOWN]

    @property
    def percent(self) -> int:
        return round(self.group.share * 100)

    @property
    def left_out(self) -> int:
        return max(0, len(self.group.text) - LONGEST_SHOWN)


def said_in(repeats: Repeats, messages: Sequence[Message]) -> list[Said]:
    """`messages` are those that the answers were read from."""
    finished = finished_of(messages)
    return [
        Said(
            group,
            [finished[place] for place in group.places],
            repeats.verdicts[group.places[0]] if repeats.verdicts else None,
        )
        for group in repeats.groups
    ]


def finished_of(messages: Sequence[Message]) -> list[tuple[int, Message]]:
    return [(number, each) for number, each in enumerate(messages, 1) if each.status == FINISHED]


def others_of(messages: Sequence[Message]) -> dict[str, list[tuple[int, Message]]]:
    """By status those that run, failed or were stopped."""
    others: dict[str, list[tuple[int, Message]]] = {}
    for number, each in enumerate(messages, 1):
        if each.status != FINISHED:
            others.setdefault(each.status, []).append((number, each))
    return others


def readout(repeats: Repeats) -> list[Figure]:
    """The same names in the same order for all, so that they can stand below one another."""
    number = len(repeats.finished)
    about = "~" if repeats.estimated_in_all else ""
    return [
        ("Answers", f"{number}", "; ".join(beside_answers(repeats))),
        ("Distinct", f"{len(repeats.groups)}" if number else NONE, loosely(repeats)),
        ("Agreement", NONE if repeats.agreement is None else percent(repeats.agreement), ""),
        ("Similarity", NONE if repeats.similarity is None else f"{repeats.similarity:.2f}", ""),
        ("Valid JSON", f"{repeats.json_count} of {number}" if repeats.asks_for_json and number else NONE, ""),
        ("Fit the schema", fitting(repeats), unjudged(repeats)),
        (
            "Finish",
            " · ".join(f"{reason or 'not said'} {count}" for reason, count in repeats.finishes) or NONE,
            "",
        ),
        ("Cost in all", NONE if repeats.cost_in_all is None else about + in_dollars(repeats.cost_in_all), ""),
    ]


def beside_answers(repeats: Repeats) -> list[str]:
    running = [f"{repeats.running} running"] if repeats.running else []
    return running + [f"{count} {status}" for status, count in repeats.went_wrong]


def loosely(repeats: Repeats) -> str:
    fewer = repeats.loosely_distinct
    return f"{fewer} but for space and case" if fewer < len(repeats.groups) else ""


def fitting(repeats: Repeats) -> str:
    return f"{repeats.fitting} of {repeats.judged}" if repeats.judged else NONE


def unjudged(repeats: Repeats) -> str:
    unknown = len(repeats.verdicts) - repeats.judged
    return f"{unknown} not checked" if unknown else ""


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def table(columns: Sequence[Repeats | None]) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """Names, and for each of these its values with what stands beside them. What none of them has is left out."""
    whole = [
        {name: (value, beside) for name, value, beside in in_a_row(each)} if each else {} for each in columns
    ]
    names = [
        name
        for name in dict.fromkeys(name for row in whole for name in row)
        if any(row.get(name, (NONE, ""))[0] != NONE for row in whole)
    ]
    return names, [[row.get(name, (NONE, "")) for name in names] for row in whole]


def in_a_row(repeats: Repeats) -> list[Figure]:
    spread = [
        (name, median, f"{least} – {most}" if least != most else "")
        for name, (least, median, most) in spreads(repeats)
    ]
    return [*readout(repeats), *spread]


def spreads(repeats: Repeats) -> list[tuple[str, list[str]]]:
    """Least, median and most of what is known, in this order; of what is not known, nothing."""
    about = "~" if repeats.estimated else ""
    rows: list[tuple[str, Spread | None, Callable[[float], str]]] = [
        ("Tokens out", repeats.tokens, lambda tokens: f"{about}{tokens:,g}"),
        ("Characters", repeats.characters, lambda count: f"{count:,g}"),
        ("First token", repeats.first_token, seconds),
        ("Duration", repeats.duration, seconds),
        ("Cost", repeats.cost, lambda cost: about + in_dollars(cost)),
    ]
    return [
        (name, [show(value) for value in (found.least, found.median, found.most)])
        for name, found, show in rows
        if found
    ]

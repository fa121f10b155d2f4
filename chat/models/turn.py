"""A turn: a message and what goes on from it, shown and sent as one. PURE: it knows what a row says, and no tables.

A continuation goes with its head: where the head is deleted or muted, so is all of the turn.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

Parts = list[dict[str, Any]]

ASSISTANT = "assistant"
# So much of the start has to come again before it is called a repeat, if the start is not shorter itself.
REPEATED = 40
SHORTEST_REPEAT = 4
# How the thoughts of two spans stand apart.
BETWEEN_THOUGHTS = "\n\n"


class Step(Protocol):
    """What has to be known of a message on a branch."""

    @property
    def role(self) -> str: ...
    @property
    def continues(self) -> bool: ...
    @property
    def deleted(self) -> bool: ...


S = TypeVar("S", bound=Step)


def grouped(branch: Iterable[S]) -> list[list[S]]:
    """The turns of a branch, from its root down, with what is deleted in them."""
    turns: list[list[S]] = []
    for step in branch:
        if step.continues and turns and turns[-1][0].role == step.role == ASSISTANT:
            turns[-1].append(step)
        else:
            turns.append([step])
    return turns


def kept(turn: Sequence[S]) -> list[S]:
    """What is left of a turn. Without its head nothing is."""
    return [] if turn[0].deleted else [step for step in turn if not step.deleted]


def kept_turns(branch: Iterable[S]) -> list[list[S]]:
    return [left for turn in grouped(branch) if (left := kept(turn))]


def joined(spans: Iterable[Parts]) -> Parts:
    """The parts of a turn: all text in one, to the letter, where the first text stood."""
    parts = [part for span in spans for part in span]
    texts = [part["text"] for part in parts if part.get("type") == "text"]
    if len(texts) < 2:
        return parts
    first = next(number for number, part in enumerate(parts) if part.get("type") == "text")
    whole = {**parts[first], "text": "".join(texts)}
    return [
        whole if number == first else part
        for number, part in enumerate(parts)
        if number == first or part.get("type") != "text"
    ]


def began_again(start: str, came: str) -> bool:
    """Whether a model that was to go on from this start gave it once more."""
    start, came = start.lstrip(), came.lstrip()
    size = min(len(start), REPEATED)
    return size >= SHORTEST_REPEAT and came[:size] == start[:size]

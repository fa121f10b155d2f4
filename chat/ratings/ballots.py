"""Votes as the model reads them: who got how many points against whom."""

from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import NamedTuple

# A model and the name of its provider.
Contestant = tuple[str, str]
# The numbers of two contestants, and the points that a vote gives the first against the second.
Pairs = tuple[tuple[int, int, float], ...]
# points[one][other]
Points = list[list[float]]


class Ballot(NamedTuple):
    contestants: tuple[Contestant, ...]
    best: int | None  # its place, None is a tie


def meets(ballot: Ballot) -> bool:
    return len(set(ballot.contestants)) > 1


def pairs_of(ballot: Ballot, numbers: dict[Contestant, int]) -> Pairs:
    """The best beats each of the others; a tie is one of every two, half a point for both. Nobody meets oneself."""
    places = [numbers[contestant] for contestant in ballot.contestants]
    if ballot.best is None:
        return tuple(sorted((one, other, 0.5) for one, other in permutations(places, 2) if one != other))
    best = places[ballot.best]
    return tuple(sorted((best, other, 1.0) for other in places if other != best))


def add_up(kinds: Iterable[tuple[Pairs, int]], size: int) -> Points:
    """Of votes of these kinds, each so many times."""
    points = [[0.0] * size for _ in range(size)]
    for pairs, votes in kinds:
        for one, other, each in pairs:
            points[one][other] += votes * each
    return points


def apart(ballots: Iterable[Ballot]) -> Iterator[tuple[list[Contestant], list[Ballot]]]:
    """Groups of contestants that met, or have met the same ones, each with its votes."""
    ballots = [ballot for ballot in ballots if meets(ballot)]
    groups: list[set[Contestant]] = []
    for met in {frozenset(ballot.contestants) for ballot in ballots}:
        joined = met.union(*(group for group in groups if group & met))
        groups = [*(group for group in groups if not group & met), set(joined)]
    for group in groups:
        yield sorted(group), [ballot for ballot in ballots if ballot.contestants[0] in group]

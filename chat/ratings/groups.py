"""Ratings on the scale of chess, for each group of contestants that met."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log
from statistics import quantiles

from .ballots import Ballot, Contestant, Pairs, Points, add_up, apart, pairs_of
from .bootstrap import resampled
from .bradley_terry import strengths_of
from .connections import are_connected, beaten_by_each, beating_each, members, parts

# Odds of ten to one are 400 points.
SCALE = 400 / log(10)
MEAN = 1000
# Below so many votes an interval that leans on the prior was found too narrow: docs/leaderboard.md
ENOUGH_VOTES = 10


@dataclass(frozen=True, slots=True)
class Rating:
    contestant: Contestant
    value: float
    # 95 %, where the votes tell.
    low: float | None
    high: float | None
    # Votes, by how they ended for this one.
    won: int
    tied: int
    lost: int

    @property
    def votes(self) -> int:
        return self.won + self.tied + self.lost


@dataclass(frozen=True, slots=True)
class Side:
    """Contestants that have only won against all others of their group, or only lost."""

    won: bool
    contestants: tuple[Contestant, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Contestants that met, or have met the same ones. Ratings of two groups cannot be compared."""

    ratings: tuple[Rating, ...]  # the best first
    # Why the votes alone leave the ratings open, so that they lean on the prior. None where the votes settle them.
    sides: tuple[Side, ...]
    resamples: int


@lru_cache(maxsize=32)  # Every look at the page asks the same again.
def rate(ballots: tuple[Ballot, ...]) -> tuple[Group, ...]:
    """Whoever met somebody else. The largest group first."""
    groups = [rate_group(contestants, own) for contestants, own in apart(ballots)]
    return tuple(sorted(groups, key=lambda group: (-len(group.ratings), group.ratings[0].contestant)))


def rate_group(contestants: list[Contestant], ballots: list[Ballot]) -> Group:
    numbers = {contestant: number for number, contestant in enumerate(contestants)}
    kinds = sorted(Counter(pairs_of(ballot, numbers) for ballot in ballots).items())
    points = add_up(kinds, len(contestants))
    prior = not are_connected(points)
    strengths = strengths_of(points, prior=prior)
    draws = list(resampled(kinds, strengths, prior=prior))
    results = results_of(kinds, len(contestants))
    ratings = []
    for number, contestant in enumerate(contestants):
        ended = results[number]
        # Votes that all ended alike give the same however they are drawn: no width would mean no doubt.
        told = len(ended) > 1 and (not prior or ended.total() >= ENOUGH_VOTES)
        low, high = interval([draw[number] for draw in draws]) if told else (None, None)
        ratings.append(
            Rating(contestant, on_scale(strengths[number]), low, high, ended[1], ended[0.5], ended[0])
        )
    ratings.sort(key=lambda rating: (-rating.value, rating.contestant))
    return Group(tuple(ratings), tuple(sides(points, contestants)) if prior else (), len(draws))


def results_of(kinds: list[tuple[Pairs, int]], size: int) -> list[Counter[float]]:
    """For each, how many votes it won (1), tied (0.5) and lost (0): in all pairs of a vote it does the same."""
    results: list[Counter[float]] = [Counter() for _ in range(size)]
    for pairs, votes in kinds:
        ended = {other: 1 - won for _, other, won in pairs} | {one: won for one, _, won in pairs}
        for number, result in ended.items():
            results[number][result] += votes
    return results


def interval(strengths: list[float]) -> tuple[float, float]:
    """Without the 2.5 % on either side."""
    cuts = quantiles(strengths, n=40, method="inclusive")
    return on_scale(cuts[0]), on_scale(cuts[-1])


def on_scale(strength: float) -> float:
    return MEAN + SCALE * strength


def sides(points: Points, contestants: list[Contestant]) -> Iterator[Side]:
    beaten, beating = beaten_by_each(points), beating_each(points)
    for won, against in ((True, beating), (False, beaten)):
        for part in parts(points):
            if not any(against[member] & ~part for member in members(part)):
                yield Side(won, tuple(contestants[member] for member in members(part)))

"""How sure strengths are: what they would be by other votes like these."""

from collections import Counter
from collections.abc import Iterator
from random import Random

from .ballots import Pairs, add_up
from .bradley_terry import strengths_of
from .connections import are_connected

MOST, FEWEST = 1000, 100
# Many votes of many contestants get fewer resamples, so that a page waits some 0.4 s at most for a usual leaderboard.
MOST_WORK = 3_000_000
# A tenth of a point of a rating: far below what is read off a thousand resamples.
NEAR = 0.03


def resampled(
    kinds: list[tuple[Pairs, int]], strengths: list[float], *, prior: bool
) -> Iterator[list[float]]:
    """Strengths by as many votes, drawn from these with replacement. What is drawn depends on the votes and on nothing
    else, so that the same votes always give the same figures."""
    size = len(strengths)
    votes = [kind for kind, (_, count) in enumerate(kinds) for _ in range(count)]
    random = Random(repr(kinds))  # noqa: S311
    for _ in range(resamples_for(kinds, size)):
        drawn = Counter(random.choices(votes, k=len(votes)))
        points = add_up([(kinds[kind][0], count) for kind, count in drawn.items()], size)
        # The votes may suffice and those that were drawn may not.
        leans = prior or not are_connected(points)
        yield strengths_of(points, prior=leans, start=strengths, near=NEAR)


def resamples_for(kinds: list[tuple[Pairs, int]], size: int) -> int:
    work = sum(count + len(pairs) for pairs, count in kinds) + 10 * size**2
    return max(FEWEST, min(MOST, MOST_WORK // work))

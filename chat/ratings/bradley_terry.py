"""Bradley-Terry: the one beats the other with the odds exp(strength of the one - strength of the other)."""

from collections.abc import Sequence
from math import log1p, sqrt, tanh
from operator import mul

from .ballots import Points

MOST_STEPS = 200
# Newton squares the distance with each step, so after a last one this small the rest is far below 1e-12.
EXACTLY = 1e-7


def strengths_of(
    points: Points, *, prior: bool, start: Sequence[float] | None = None, near: float = EXACTLY
) -> list[float]:
    """The most likely ones, with a mean of zero. Without a prior the points must connect all.

    The prior is one tied vote of each against a rival of average strength, zero.
    """
    size = len(points)
    met = [
        (one, other, points[one][other], points[one][other] + points[other][one])
        for one in range(size)
        for other in range(one)
        if points[one][other] or points[other][one]
    ]
    strengths = list(start or [0.0] * size)
    for _ in range(MOST_STEPS):
        step = newton_step(strengths, met, prior)
        spread = max(*step, 0.0) - min(*step, 0.0)
        # As far as a step of this length is sure to lead uphill (Sun and Tran-Dinh, 2019).
        share = log1p(spread) / spread if spread else 1.0
        strengths = [strength + share * change for strength, change in zip(strengths, step, strict=True)]
        if spread < near:
            break
    mean = sum(strengths) / size
    return [strength - mean for strength in strengths]


def newton_step(strengths: list[float], met: list[tuple[int, int, float, float]], prior: bool) -> list[float]:
    size = len(strengths)
    # All strengths can move together and nothing changes; the ones in every place hold them where they are.
    curvature = [[0.0 if prior else 1.0] * size for _ in strengths]
    slope = [0.0] * size
    for one, other, won, votes in met:
        chance = 0.5 + 0.5 * tanh((strengths[one] - strengths[other]) / 2)
        gain = won - votes * chance
        slope[one] += gain
        slope[other] -= gain
        bend = votes * chance * (1 - chance)
        curvature[one][one] += bend
        curvature[other][other] += bend
        curvature[one][other] -= bend
    if prior:
        for number, strength in enumerate(strengths):
            chance = 0.5 + 0.5 * tanh(strength / 2)
            slope[number] += 0.5 - chance
            curvature[number][number] += chance * (1 - chance)
    return solve(curvature, slope)


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By Cholesky. Of the matrix, which is symmetric, only the lower half is read."""
    roots: list[list[float]] = []
    halfway: list[float] = []
    for number, line in enumerate(matrix):
        row: list[float] = []
        for other, above in enumerate(roots):
            row.append((line[other] - sum(map(mul, row, above))) / above[other])
        root = sqrt(line[number] - sum(map(mul, row, row)))
        halfway.append((right[number] - sum(map(mul, row, halfway))) / root)
        roots.append([*row, root])
    for number in reversed(range(len(roots))):
        row = roots[number]
        halfway[number] /= row[number]
        for other in range(number):
            halfway[other] -= row[other] * halfway[number]
    return halfway

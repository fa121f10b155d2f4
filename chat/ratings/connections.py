"""Who beat whom, as sets of numbers in the bits of an integer: the bootstrap asks a thousand times."""

from collections.abc import Iterator

from .ballots import Points


def beaten_by_each(points: Points) -> list[int]:
    """For each, those against whom it has points."""
    return [sum(1 << other for other, won in enumerate(row) if won) for row in points]


def beating_each(points: Points) -> list[int]:
    return beaten_by_each([list(column) for column in zip(*points, strict=True)])


def are_connected(points: Points) -> bool:
    """Whether from each a chain of points leads to every other: just then the likelihood has a maximum (Ford, 1957)."""
    everybody = (1 << len(points)) - 1
    return reached(beaten_by_each(points), 0) == everybody == reached(beating_each(points), 0)


def parts(points: Points) -> list[int]:
    """The largest sets that are connected."""
    reach = [reached(beaten_by_each(points), start) for start in range(len(points))]
    return sorted(
        {
            sum(1 << other for other in members(there) if reach[other] >> start & 1)
            for start, there in enumerate(reach)
        }
    )


def reached(steps: list[int], start: int) -> int:
    """Wherever one gets from the start, and the start itself."""
    seen = new = 1 << start
    while new:
        further = 0
        for number in members(new):
            further |= steps[number]
        new = further & ~seen
        seen |= new
    return seen


def members(numbers: int) -> Iterator[int]:
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest

"""Figures, and the table that they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

MERGED_MS = 25.0


@dataclass(frozen=True)
class Figure:
    """One line: what ours and the bare one took, in the repeats of one run. No `goal`: it is shown for its own sake."""

    title: str
    unit: str
    ours: Sequence[float]
    bare: Sequence[float] = ()
    goal: float | None = None
    # For what has no bare counterpart: whether it is as it should be.
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return median(self.ours) / max(median(self.bare), 1e-9) if self.bare else None

    @property
    def verdict(self) -> str:
        met = self.met
        if self.goal is not None and self.ratio is not None:
            met = self.ratio <= self.goal
        return {True: "met", False: "**not met**", None: ""}[met]

    def line(self) -> str:
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        goal = f"≤ {self.goal:g}" if self.goal is not None else ""
        title = f"{self.title} ({self.note})" if self.note else self.title
        cells = [title, spread(self.ours, self.unit), spread(self.bare, self.unit), ratio, goal, self.verdict]
        return f"| {' | '.join(cells)} |"


HEAD = "| Figure | Ours | Bare | Ratio | Goal | |\n|---|---|---|---|---|---|"


def table(figures: Iterable[Figure]) -> str:
    return "\n".join([HEAD, *(figure.line() for figure in figures)])


def spread(values: Sequence[float], unit: str) -> str:
    """The median, and from where to where."""
    if not values:
        return ""
    middle = f"{shown(median(values))} {unit}".strip()
    if len(values) == 1:
        return middle
    return f"{middle} ({shown(min(values))}–{shown(max(values))})"


def shown(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"

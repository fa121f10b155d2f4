"""The leaderboard of one person: the votes of blind comparisons as ratings, as the page shows them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from chat import access
from chat.models import Vote
from chat.ratings import ENOUGH_VOTES, MEAN, Ballot, Contestant, Group, Rating, rate

VOTES_ON_A_PAGE = 25
# Ratings nearer than this are one rank: only the arithmetic tells them apart.
SAME = 1e-6
# Of the width of the chart, left free on either side.
MARGIN = 0.04


@dataclass(frozen=True, slots=True)
class Scale:
    """Points of ratings as shares of the width that all rows have in common."""

    low: float
    high: float

    def at(self, points: float) -> str:
        """As SVG takes it."""
        inside = (points - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return f"{100 * (MARGIN + (1 - 2 * MARGIN) * inside):.2f}%"


@dataclass(frozen=True, slots=True)
class Row:
    rank: int
    rating: Rating
    untold: str  # why there is no interval
    at: str
    low_at: str
    high_at: str


@dataclass(frozen=True, slots=True)
class Table:
    """Models that met, the best first. `leans` says why the votes alone do not rate them, if they do not."""

    rows: list[Row]
    leans: str
    resamples: int


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as it is listed."""

    vote: Vote
    best: Contestant | None
    others: list[Contestant]
    comparison: UUID | None  # unless it was deleted


@dataclass(frozen=True, slots=True)
class Leaderboard:
    tag: str
    tags: list[tuple[str, int]]  # the most used first
    in_all: int
    votes: int  # of this tag
    idle: int  # of these between panes of one and the same model, which rate nothing
    tables: list[Table]
    average_at: str
    newest: list[Cast]
    older: UUID | None  # what the next page comes after
    enough: int = ENOUGH_VOTES


def leaderboard_of(user: User, tag: str = "", before: UUID | None = None) -> Leaderboard:
    """Of the votes with this tag; without one, of all. `before` is where the list of votes goes on."""
    in_all = list(access.votes(user))
    votes = [vote for vote in in_all if vote.tag == tag] if tag else in_all
    groups = rate(tuple(map(ballot_of, votes)))
    scale = scale_of(groups)
    past = [vote for vote in votes if before is None or vote.pk < before]
    listed = past[:VOTES_ON_A_PAGE]
    return Leaderboard(
        tag=tag,
        tags=tags_of(in_all),
        in_all=len(in_all),
        votes=len(votes),
        idle=sum(len(set(ballot_of(vote).contestants)) < 2 for vote in votes),
        tables=[table_of(group, scale) for group in groups],
        average_at=scale.at(MEAN),
        newest=as_listed(user, listed),
        older=listed[-1].pk if len(past) > len(listed) else None,
    )


def ballot_of(vote: Vote) -> Ballot:
    return Ballot(tuple((one["model"], one["provider"]) for one in vote.contestants), vote.best)


def tags_of(votes: list[Vote]) -> list[tuple[str, int]]:
    counts = Counter(vote.tag for vote in votes if vote.tag)
    return sorted(counts.items(), key=lambda tag: (-tag[1], tag[0].casefold()))


def scale_of(groups: Sequence[Group]) -> Scale:
    ratings = [rating for group in groups for rating in group.ratings]
    points = [each for one in ratings for each in (one.value, one.low, one.high) if each is not None]
    return Scale(min([MEAN, *points]), max([MEAN, *points]))


def table_of(group: Group, scale: Scale) -> Table:
    rows = []
    for rating in group.ratings:
        rank = 1 + sum(other.value > rating.value + SAME for other in group.ratings)
        ends = (rating.value if end is None else end for end in (rating.low, rating.high))
        rows.append(Row(rank, rating, why_untold(rating), scale.at(rating.value), *map(scale.at, ends)))
    return Table(rows, why_open(group), group.resamples)


def why_untold(rating: Rating) -> str:
    if rating.low is not None:
        return ""
    ends = {"only won": rating.won, "only tied": rating.tied, "only lost": rating.lost}
    return next((words for words, votes in ends.items() if votes == rating.votes), "too few votes")


def why_open(group: Group) -> str:
    """In words, by the models that stand alone if there are such."""
    alone = [side for side in group.sides if len(side.contestants) == 1]
    return listing(
        [
            f"{in_words(side.contestants)} {'has' if alone else 'have'} only {'won' if side.won else 'lost'}"
            f"{'' if alone else ' against the others'}"
            for side in alone or group.sides
        ]
    )


def in_words(contestants: Sequence[Contestant]) -> str:
    return listing([model for model, _ in contestants])


def listing(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def as_listed(user: User, votes: list[Vote]) -> list[Cast]:
    there = set(
        access.comparisons(user)
        .filter(pk__in=[vote.comparison_id for vote in votes])
        .values_list("pk", flat=True)
    )
    cast = []
    for vote in votes:
        others = list(ballot_of(vote).contestants)
        best = None if vote.best is None else others.pop(vote.best)
        cast.append(Cast(vote, best, others, vote.comparison_id if vote.comparison_id in there else None))
    return cast

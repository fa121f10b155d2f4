"""The leaderboard of a person: whose votes count, by which tag, and how the page puts it."""

from typing import Any

import pytest
from django.utils import timezone

from chat.leaderboard import VOTES_ON_A_PAGE, Leaderboard, leaderboard_of
from chat.models import Comparison, Vote

pytestmark = pytest.mark.django_db


def vote(owner: Any, cast: str, tag: str = "", **fields: Any) -> Vote:
    """'AB>A' is won by A, 'AB=' is a tie."""
    names, best = (cast[:-1], None) if cast.endswith("=") else (cast[:-2], cast.index(cast[-1]))
    contestants = [{"model": name, "provider": "Scripted"} for name in names]
    return Vote.objects.create(owner=owner, contestants=contestants, best=best, tag=tag, **fields)


def votes(owner: Any, casts: str, tag: str = "") -> None:
    for cast in casts.split():
        vote(owner, cast, tag)


def standings(board: Leaderboard) -> list[list[tuple[int, str]]]:
    return [[(row.rank, row.rating.contestant[0]) for row in table.rows] for table in board.tables]


def test_nothing_is_nothing(alice: Any) -> None:
    board = leaderboard_of(alice)
    assert (board.in_all, board.tables, board.newest, board.older) == (0, [], [], None)


def test_models_are_ranked_and_equal_ones_share_a_rank(alice: Any) -> None:
    votes(alice, "AB>A AC>A BC= AB>B AC>C")
    assert standings(leaderboard_of(alice)) == [[(1, "A"), (1, "B"), (1, "C")]]
    votes(alice, "AB>A AC>A")
    assert standings(leaderboard_of(alice)) == [[(1, "A"), (2, "B"), (2, "C")]]


def test_only_ones_own_votes_count(alice: Any, bob: Any) -> None:
    votes(alice, "AB>A AB>B AB>A")
    before = leaderboard_of(alice)
    votes(bob, "AB>B " * 9, tag="mine")
    assert leaderboard_of(alice) == before


def test_a_tag_has_its_own_ratings_and_its_number_of_votes(alice: Any) -> None:
    votes(alice, "AB>A AB>A AB>B", tag="code")
    votes(alice, "AB>B AB>B AB>A", tag="prose")
    votes(alice, "AB>B CB>C")
    by_tag = {tag: leaderboard_of(alice, tag) for tag in ("", "code", "prose", "none", "co", "c\0de")}
    assert by_tag[""].tags == [("code", 3), ("prose", 3)]
    assert {tag: board.votes for tag, board in by_tag.items()} == {
        "": 8, "code": 3, "prose": 3, "none": 0, "co": 0, "c\0de": 0
    }  # fmt: skip
    assert standings(by_tag["code"]) == [[(1, "A"), (2, "B")]]
    assert standings(by_tag["prose"]) == [[(1, "B"), (2, "A")]]
    assert standings(by_tag["none"]) == []


def test_the_vote_outlives_its_comparison(alice: Any) -> None:
    comparison = Comparison.objects.create(owner=alice)
    vote(alice, "AB>A", comparison=comparison)
    vote(alice, "AB>B")
    assert leaderboard_of(alice).newest[1].comparison == comparison.pk
    comparison.deleted_at = timezone.now()
    comparison.save()
    assert leaderboard_of(alice).newest[1].comparison is None
    comparison.delete()
    assert leaderboard_of(alice).votes == 2


def test_it_says_in_words_what_the_votes_leave_open(alice: Any) -> None:
    votes(alice, "AB>A")
    assert leaderboard_of(alice).tables[0].leans == "A has only won and B has only lost"
    votes(alice, "BC>B BC>C")
    assert leaderboard_of(alice).tables[0].leans == "A has only won"
    votes(alice, "AD>A AD>D")
    assert leaderboard_of(alice).tables[0].leans == (
        "A and D have only won against the others and B and C have only lost against the others"
    )
    votes(alice, "AB=")
    assert leaderboard_of(alice).tables[0].leans == ""


def test_it_says_why_there_is_no_interval(alice: Any) -> None:
    votes(alice, "AB>A BC>B BC>C")
    [table] = leaderboard_of(alice).tables
    assert [(row.rating.contestant[0], row.untold) for row in table.rows] == [
        ("A", "only won"), ("C", "too few votes"), ("B", "too few votes")
    ]  # fmt: skip
    votes(alice, "AB>B")
    assert [row.untold for row in leaderboard_of(alice).tables[0].rows] == ["", "", ""]


def test_panes_of_one_model_rate_nothing_and_are_told(alice: Any) -> None:
    votes(alice, "AA>A AA=")
    board = leaderboard_of(alice)
    assert (board.votes, board.idle, board.tables) == (2, 2, [])


def test_everything_lies_within_the_chart_on_one_scale(alice: Any) -> None:
    votes(alice, "AB>A " * 30 + "AB>B " * 3 + "CD>C")
    board = leaderboard_of(alice)
    rows = [row for table in board.tables for row in table.rows]
    for row in rows:
        assert 0 < percent(row.low_at) <= percent(row.at) <= percent(row.high_at) < 100
    ratings = {row.rating.value: percent(row.at) for row in rows} | {1000: percent(board.average_at)}
    assert [ratings[value] for value in sorted(ratings)] == sorted(ratings.values())


def test_one_tie_lies_in_the_middle(alice: Any) -> None:
    votes(alice, "AB=")
    board = leaderboard_of(alice)
    assert {row.at for table in board.tables for row in table.rows} == {board.average_at} == {"50.00%"}


def percent(place: str) -> float:
    return float(place.removesuffix("%"))


def test_the_newest_votes_are_listed_and_older_ones_follow(alice: Any) -> None:
    made = [vote(alice, "ABC>B", tag="code") for _ in range(VOTES_ON_A_PAGE + 2)]
    vote(alice, "AB=", tag="prose")
    first = leaderboard_of(alice, "code")
    assert [cast.vote for cast in first.newest] == made[::-1][:VOTES_ON_A_PAGE]
    assert first.newest[0].best == ("B", "Scripted")
    assert first.newest[0].others == [("A", "Scripted"), ("C", "Scripted")]
    second = leaderboard_of(alice, "code", before=first.older)
    assert [cast.vote for cast in second.newest] == made[:2][::-1]
    assert second.older is None
    assert second.tables == first.tables


def test_a_tie_is_listed_with_all_of_its_models(alice: Any) -> None:
    votes(alice, "ABA=")
    [cast] = leaderboard_of(alice).newest
    assert (cast.best, [model for model, _ in cast.others]) == (None, ["A", "B", "A"])

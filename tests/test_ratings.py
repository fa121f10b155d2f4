"""Ratings: as two independent programs have them, and what is done where votes leave them open."""

from itertools import permutations
from math import log

import pytest

from chat.ratings import MEAN, Ballot, Contestant, Group, Rating, rate
from chat.ratings.bootstrap import FEWEST, MOST, resamples_for
from chat.ratings.bradley_terry import strengths_of

SCALE = 400 / log(10)

# Games of the American League of 1987, of 13 between every two: row beats column. Agresti, Categorical Data Analysis.
TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
GAMES = (
    (0, 7, 9, 7, 7, 9, 11),
    (6, 0, 7, 5, 11, 9, 9),
    (4, 6, 0, 7, 7, 8, 12),
    (6, 8, 6, 0, 6, 7, 10),
    (6, 2, 6, 7, 0, 7, 12),
    (4, 4, 5, 6, 6, 0, 6),
    (2, 4, 1, 3, 1, 7, 0),
)
# By ilsr_pairwise of choix 0.4.1 (tol=1e-13), mean zero. Its mm_pairwise says the same to 3e-14. BradleyTerry2 for R
# prints their distances from Baltimore with four decimals: 1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839.
BASEBALL = (
    0.531153340652, 0.386205895803, 0.244282587903, 0.197415309132, 0.057495169369, -0.36634976685, -1.050202536009,
)  # fmt: skip
PRINTED = (1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0)

# Sixty votes drawn at random between two to four of seven, with ties.
TOURNAMENT = """
AGF>G EB>B BDE>E FD>F AGD= ECA>C AEC>E EBA= GC>C DC>C CG>C FAEB>A DCE>D BA>B BE>B DGFB>D ECGD>G BE>E BF= DEAG>G CEAF>E
GFC= BDA>A EBG>G GFE>G EG>G AGC>C BAG>G FD>D GBFD>G GEDB>D BFCD>D EDA>E EG>E FG= AC= CF>C EGDB>D AG>A DFA>A AD>D BG=
BDG>D DE= EAFB= DBG>D DC>C DFE>D CB>B AFCG= EGB= ABGE>B EB>E DF>D BFC>B FCDG>G DE>E EB>E ABC>B FCEA>E
"""
# By the same, every win given as two games and every tie as one game for each.
OF_TOURNAMENT = (
    -0.250466925948, -0.112396690265, 0.022533791048, 0.612408856642, 0.230082945036, -0.98333737706, 0.481175400547,
)  # fmt: skip

# A has only won. By the same, with a fifth contestant whom each of the four tied once, and who was left out then.
OPEN = "AB>A AC>A BC>B BC= CBD>C DC>D ADB>A DB>D"
OF_OPEN = (1.707325779553, -0.934517438258, -0.60008831813, -0.172720023165)


def contestant(name: str) -> Contestant:
    return (name, "Scripted")


def ballots(text: str) -> tuple[Ballot, ...]:
    """'AB>A' is won by A, 'AB=' is a tie."""
    return tuple(
        Ballot(tuple(map(contestant, cast[:-1])), None)
        if cast.endswith("=")
        else Ballot(tuple(map(contestant, cast[:-2])), cast.index(cast[-1]))
        for cast in text.split()
    )


def games() -> tuple[Ballot, ...]:
    return tuple(
        Ballot((contestant(TEAMS[row]), contestant(TEAMS[column])), 0)
        for row, column in permutations(range(len(TEAMS)), 2)
        for _ in range(GAMES[row][column])
    )


def one_group(cast: tuple[Ballot, ...]) -> Group:
    [group] = rate(cast)
    return group


def strengths(group: Group) -> list[float]:
    """By name, as the reference has them."""
    return [(rating.value - MEAN) / SCALE for rating in sorted(group.ratings, key=lambda one: one.contestant)]


def rating_of(group: Group, name: str) -> Rating:
    return next(rating for rating in group.ratings if rating.contestant == contestant(name))


# Equal to the reference


def test_a_known_season_is_rated_as_the_reference_rates_it() -> None:
    group = one_group(games())
    by_team = {rating.contestant[0]: (rating.value - MEAN) / SCALE for rating in group.ratings}
    assert [by_team[team] for team in TEAMS] == pytest.approx(BASEBALL, abs=1e-9)
    assert [by_team[team] - by_team["Baltimore"] for team in TEAMS] == pytest.approx(PRINTED, abs=5e-5)
    assert [rating.value for rating in group.ratings] == pytest.approx(
        [MEAN + SCALE * strength for strength in BASEBALL], abs=1e-6
    )


def test_ties_and_votes_over_several_panes_are_rated_as_the_reference_rates_them() -> None:
    assert strengths(one_group(ballots(TOURNAMENT))) == pytest.approx(OF_TOURNAMENT, abs=1e-9)


def test_the_prior_does_what_one_tied_vote_of_each_would_do() -> None:
    assert strengths(one_group(ballots(OPEN))) == pytest.approx(OF_OPEN, abs=1e-9)


@pytest.mark.parametrize("ahead", [2, 10, 1000, 100_000])
def test_two_are_as_far_apart_as_their_odds(ahead: int) -> None:
    better, worse = strengths_of([[0, ahead], [1, 0]], prior=False)
    assert better - worse == pytest.approx(log(ahead), abs=1e-12)


def test_a_long_chain_of_great_odds_is_climbed_to_its_end() -> None:
    size = 12
    points = [[0.0] * size for _ in range(size)]
    for number in range(size - 1):
        points[number][number + 1], points[number + 1][number] = 500, 1
    found = strengths_of(points, prior=False)
    assert found[0] - found[-1] == pytest.approx((size - 1) * log(500), abs=1e-9)


# What a vote says


def test_the_best_beats_each_of_the_others_and_the_others_do_not_meet() -> None:
    assert strengths(one_group(ballots("ABC>A ABC>B ABC>C"))) == pytest.approx([0, 0, 0], abs=1e-12)
    together = one_group(ballots("ABC>A ABC>A ABC>B ABC>C"))
    apart = one_group(ballots("AB>A AC>A AB>A AC>A BA>B BC>B CA>C CB>C"))
    assert strengths(together) == pytest.approx(strengths(apart), abs=1e-12)


def test_the_order_of_panes_and_of_votes_means_nothing() -> None:
    cast = ballots(TOURNAMENT)
    turned = tuple(
        Ballot(
            ballot.contestants[::-1],
            None if ballot.best is None else len(ballot.contestants) - 1 - ballot.best,
        )
        for ballot in cast[::-1]
    )
    assert rate(turned) == rate(cast)


def test_nobody_meets_oneself() -> None:
    assert rate(ballots("AA>A AA= AAA=")) == ()
    assert rate(ballots("AAB>A BA>B AA=")) == rate(ballots("AB>A BA>B"))


def test_one_model_of_two_providers_is_two() -> None:
    here, there = ("m", "Here"), ("m", "There")
    group = one_group((Ballot((here, there), 0), Ballot((here, there), 1), Ballot((here, there), 0)))
    assert [rating.contestant for rating in group.ratings] == [here, there]


def test_votes_are_counted_by_how_they_ended() -> None:
    group = one_group(ballots("AB>A AAB>A ABC>B AB= AABC= AC>C AA="))
    counted = {
        rating.contestant[0]: (rating.votes, rating.won, rating.tied, rating.lost) for rating in group.ratings
    }
    assert counted == {"A": (6, 2, 2, 2), "B": (5, 1, 2, 2), "C": (3, 1, 1, 1)}


# Where the votes leave it open


def test_without_votes_nobody_is_rated() -> None:
    assert rate(()) == ()


@pytest.mark.parametrize(
    ("cast", "sides"),
    [
        ("AB>A BA=", []),
        ("AB>A", [(True, "A"), (False, "B")]),
        ("AB>A AC>A BC>B BC>C", [(True, "A"), (False, "BC")]),
        ("AB>A BA>B CD>C DC>D AC>A", [(True, "AB"), (False, "CD")]),
        ("AB>A BC>B CA>C", []),
    ],
)
def test_it_says_who_has_only_won_and_who_only_lost(cast: str, sides: list[tuple[bool, str]]) -> None:
    said = [
        (side.won, "".join(name for name, _ in side.contestants)) for side in one_group(ballots(cast)).sides
    ]
    assert sorted(said) == sorted(sides)


def test_who_has_only_won_is_rated_above_who_has_also_lost() -> None:
    always, mostly = one_group(ballots("AB>A " * 5)), one_group(ballots("AB>A " * 5 + "AB>B"))
    assert rating_of(always, "A").value > rating_of(mostly, "A").value > MEAN


def test_groups_that_never_met_are_rated_apart() -> None:
    groups = rate(ballots("AB>A AB>B AB>A CD>C CD>D EC>C EC>E"))
    assert [sorted(rating.contestant[0] for rating in group.ratings) for group in groups] == [
        ["C", "D", "E"],
        ["A", "B"],
    ]
    assert groups[1] == one_group(ballots("AB>A AB>B AB>A"))
    for group in groups:
        assert sum(strengths(group)) == pytest.approx(0, abs=1e-12)


# Intervals


def test_intervals_hold_the_ratings_and_shrink_with_the_votes() -> None:
    few, many = one_group(ballots(TOURNAMENT)), one_group(ballots(TOURNAMENT) * 16)
    for group in (few, many):
        for rating in group.ratings:
            assert rating.low is not None
            assert rating.high is not None
            assert rating.low < rating.value < rating.high
    widths = [
        [
            (rating.high or 0) - (rating.low or 0)
            for rating in sorted(group.ratings, key=lambda one: one.contestant)
        ]
        for group in (few, many)
    ]
    for wide, narrow in zip(*widths, strict=True):
        assert 3 < wide / narrow < 6  # sixteen times the votes: about a fourth


def test_an_interval_is_as_wide_as_theory_has_it() -> None:
    """Of two, n votes, half of them won: the difference has the standard error 2 / sqrt(n)."""
    group = one_group(ballots("AB>A AB>B " * 200))
    theory = 2 * 1.96 * SCALE * (2 / 400**0.5) / 2
    for rating in group.ratings:
        assert (rating.high or 0) - (rating.low or 0) == pytest.approx(theory, rel=0.1)


def test_the_same_votes_always_give_the_same_intervals() -> None:
    cast = ballots(TOURNAMENT)
    first = rate(cast)
    rate.cache_clear()
    assert rate(cast) == first


def test_whose_votes_all_ended_alike_gets_no_interval() -> None:
    group = one_group(ballots("AB>A " * 20 + "BC>B BC>C " * 10))
    told = {rating.contestant[0]: rating.low is not None for rating in group.ratings}
    assert told == {"A": False, "B": True, "C": True}
    for rating in one_group(ballots("AB= " * 20)).ratings:
        assert (rating.value, rating.low, rating.high) == (MEAN, None, None)


def test_few_votes_beside_the_prior_get_no_interval() -> None:
    group = one_group(ballots("AB>A BC>B BC>C"))
    assert [rating.low for rating in group.ratings] == [None, None, None]
    assert rating_of(one_group(ballots("BC>B BC>C")), "B").low is not None


def test_what_is_drawn_is_bounded() -> None:
    def resamples(votes: int, size: int) -> int:
        return resamples_for([(((0, 1, 1.0),), votes)], size)

    assert resamples(30, 4) == MOST
    assert FEWEST < resamples(2000, 20) < MOST
    assert resamples(10**7, 20) == FEWEST

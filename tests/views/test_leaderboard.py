"""The leaderboard page, and taking a vote back."""

from typing import Any

import pytest
from django.test import Client

from chat.models import Comparison, Vote
from tests.test_leaderboard import vote, votes

from .asking import words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client


def test_without_a_vote_the_page_says_how_to_cast_one(alices: Client) -> None:
    words = words_in(alices.get("/leaderboard/"))
    assert "No vote was cast yet" in words
    assert "New comparison" in words
    assert "Blind round" in words


def test_the_page_shows_ratings_with_their_intervals_and_votes(alices: Client, alice: Any) -> None:
    votes(alice, "AB>A AB>A AB>A AB>B AB=")
    words = words_in(alices.get("/leaderboard/"))
    # Three and a half of five against one and a half: odds of 7 to 3, half of 147 points on either side.
    assert "1 A Scripted 1074" in words
    assert "2 B Scripted 926" in words
    assert "5 3 1 1" in words
    assert "Bradley–Terry ratings from 5 votes" in words
    assert "do not settle" not in words


def test_what_leans_on_the_prior_is_marked_and_says_why(alices: Client, alice: Any) -> None:
    votes(alice, "AB>A")
    words = words_in(alices.get("/leaderboard/"))
    assert "A Scripted ~" in words
    assert "only won" in words
    assert "do not settle these ratings: A has only won and B has only lost." in words


def test_models_that_never_met_stand_apart(alices: Client, alice: Any) -> None:
    votes(alice, "AB= CD=")
    assert "Never compared with those above" in words_in(alices.get("/leaderboard/"))


def test_tags_are_offered_with_their_numbers(alices: Client, alice: Any) -> None:
    votes(alice, "AB= AB=", tag="code")
    votes(alice, "AB=", tag='a&b="<i>"')
    page = alices.get("/leaderboard/", {"tag": "code"})
    assert "All 3 code 2" in words_in(page)
    assert "from 2 votes" in words_in(page)
    assert b'href="?tag=a%26b%3D%22%3Ci%3E%22"' in page.content
    assert b"<i>" not in page.content


def test_a_tag_that_there_is_not_says_so(alices: Client, alice: Any) -> None:
    votes(alice, "AB=", tag="code")
    for tag in ("nothing", "<b>", "\0", "x" * 5000):
        page = alices.get("/leaderboard/", {"tag": tag})
        assert page.status_code == 200
        assert "No vote has the tag" in words_in(page)
        assert b"<b>" not in page.content


def test_what_is_no_place_begins_at_the_newest(alices: Client, alice: Any) -> None:
    votes(alice, "AB>A")
    for place in ("x", "0", "\0", "g" * 32):
        assert "A over B" in words_in(alices.get("/leaderboard/", {"before": place}))
    assert "no older ones" in words_in(alices.get("/leaderboard/", {"before": "0" * 32}))


def test_a_page_of_one_model_against_itself_says_that_there_is_nothing_to_rate(
    alices: Client, alice: Any
) -> None:
    votes(alice, "AA=")
    assert "nothing to rate" in words_in(alices.get("/leaderboard/"))


def test_names_of_models_are_text(alices: Client, alice: Any) -> None:
    nasty = [{"model": "<script>alert(1)</script>", "provider": '"><b>'}, {"model": "B", "provider": "P"}]
    Vote.objects.create(owner=alice, contestants=nasty, best=0)
    page = alices.get("/leaderboard/").content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert b"<script>alert" not in page
    assert b"<b>" not in page


def test_a_vote_leads_to_its_comparison_while_there_is_one(alices: Client, alice: Any, bob: Any) -> None:
    mine, strange = (Comparison.objects.create(owner=owner) for owner in (alice, bob))
    vote(alice, "AB>A", comparison=mine)
    vote(alice, "AB>A", comparison=strange)
    page = alices.get("/leaderboard/").content.decode()
    assert f'href="/compare/{mine.pk}/"' in page
    assert str(strange.pk) not in page
    assert "comparison deleted" in page


def test_nobody_sees_somebody_elses(as_user: Any, alice: Any, bob: Any) -> None:
    votes(alice, "AB>A", tag="secret")
    page = as_user(bob).get("/leaderboard/", {"tag": "secret"})
    assert "No vote was cast yet" in words_in(page)


# Taking a vote back


def test_a_deleted_vote_counts_no_more_and_the_page_is_the_same(alices: Client, alice: Any) -> None:
    made = vote(alice, "AB>A", tag="a & b")
    votes(alice, "AB>B", tag="a & b")
    gone = alices.post(f"/votes/{made.pk}/deletion/", {"tag": "a & b"})
    assert (gone.status_code, gone["Location"]) == (302, "/leaderboard/?tag=a+%26+b#votes")
    assert not Vote.objects.filter(pk=made.pk).exists()
    assert "from 1 vote," in words_in(alices.get("/leaderboard/", {"tag": "a & b"}))


def test_nobody_deletes_somebody_elses_nor_twice(as_user: Any, alices: Client, alice: Any, bob: Any) -> None:
    path = f"/votes/{vote(alice, 'AB>A').pk}/deletion/"
    assert as_user(bob).post(path).status_code == 404
    assert Vote.objects.count() == 1
    assert alices.get(path).status_code == 405
    assert [alices.post(path).status_code for _ in range(2)] == [302, 404]


def test_a_comparison_stays_when_its_vote_is_deleted(alices: Client, alice: Any) -> None:
    comparison = Comparison.objects.create(owner=alice)
    made = vote(alice, "AB>A", comparison=comparison)
    assert alices.post(f"/votes/{made.pk}/deletion/").status_code == 302
    assert Comparison.objects.get().pk == comparison.pk

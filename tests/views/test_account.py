"""Signing in and out, where accounts are on."""

from typing import Any

import pytest
from django.test import Client

from chat.models import Conversation

pytestmark = pytest.mark.django_db
RIGHT = {"username": "alice", "password": "correct horse"}


def test_the_right_name_and_password_lead_to_where_one_wanted_to_go(alice: Any) -> None:
    talk = Conversation.objects.create(owner=alice)
    client = Client()
    wanted = client.get(f"/c/{talk.pk}/")
    response = client.post(wanted["Location"], {**RIGHT, "next": f"/c/{talk.pk}/"})
    assert (response.status_code, response["Location"]) == (302, f"/c/{talk.pk}/")
    assert client.get(f"/c/{talk.pk}/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{**RIGHT, "password": "wrong"}, {**RIGHT, "username": "nobody"}, {"username": "", "password": ""},
     {**RIGHT, "password": "x" * 5000}, {**RIGHT, "username": "a\x00b"}],
)  # fmt: skip
def test_anything_else_says_the_same_and_lets_nobody_in(alice: Any, wrong: dict[str, str]) -> None:
    client = Client()
    page = client.post("/login/", wrong).content.decode()
    assert "do not belong together" in page
    assert wrong["password"] not in page or not wrong["password"]
    assert client.get("/").status_code == 302


def test_an_account_that_was_closed_lets_nobody_in(alice: Any) -> None:
    alice.is_active = False
    alice.save()
    assert "do not belong together" in Client().post("/login/", RIGHT).content.decode()


@pytest.mark.parametrize(
    "place", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "/\\evil.test"]
)
def test_nobody_is_led_away_after_signing_in(alice: Any, place: str) -> None:
    response = Client().post("/login/", {**RIGHT, "next": place})
    assert response["Location"] == "/"


def test_who_is_signed_in_needs_no_login_page(as_user: Any, alice: Any) -> None:
    assert as_user(alice).get("/login/")["Location"] == "/"


def test_signing_out_ends_it(as_user: Any, alice: Any) -> None:
    client = as_user(alice)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_the_cookies_are_no_business_of_scripts_or_of_other_sites(alice: Any) -> None:
    client = Client()
    client.post("/login/", RIGHT)
    session = client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    client.get("/")
    assert client.cookies["csrftoken"]["samesite"] == "Strict"

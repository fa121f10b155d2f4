"""The search over HTTP: its pages, and what is typed wrongly or with ill intent."""

from typing import Any

import pytest
from django.test import Client

from tests.search.talking import keys_found, talk, texts_found

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("after", ["x", "1~x", "~", "1", "1~2~3", f"-{'9' * 20}~1"])
def test_a_forged_page_is_none(alices: Client, after: str) -> None:
    assert alices.get("/search/", {"q": "a", "after": after}).status_code == 400


def test_a_page_and_a_fragment(alices: Client, alice: Any) -> None:
    talk(alice, "<script>wombat</script>")
    page = alices.get("/search/", {"q": "wombat"})
    assert page.status_code == 200
    assert b"<h1>Search</h1>" in page.content
    assert b"&lt;script&gt;<mark>wombat</mark>&lt;/script&gt;" in page.content
    fragment = alices.get("/search/", {"q": "wombat"}, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"<mark>wombat</mark>" in fragment.content


def test_what_is_wrong_is_shown_where_it_stands(alices: Client) -> None:
    found = alices.get("/search/", {"q": "a cost:<x>"})
    assert found.status_code == 422
    assert b"cost: wants a number of dollars" in found.content
    assert alices.get("/search/", {"q": "cost:", "typing": "1"}).status_code == 200


@pytest.mark.parametrize(
    "q",
    [
        "\0",
        "'; DROP TABLE chat_words; --",
        '"' * 40,
        "NEAR(a b)",
        "a OR b",
        "words:x",
        "*",
        "\U0010ffff",
        "tag:\0",
        "model:\0",
    ],
)
def test_hostile_input_is_only_looked_for(alices: Client, alice: Any, q: str) -> None:
    talk(alice, "harmless")
    for path in ("/search/", "/search/completions/"):
        assert alices.get(path, {"q": q, "at": "99999999999"}).status_code in (200, 422)
    assert texts_found(alice, "harmless") == ["harmless"]


def test_the_number_of_statements_does_not_grow(
    alices: Client, alice: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        talk(alice, "wombat " * 2_000, "wombat", title=f"wombat {number}")
    keys_found(alice, "wombat")
    with django_assert_max_num_queries(13):
        alices.get("/search/", {"q": "wombat model:x role:user"}, headers={"HX-Request": "true"})

"""What cannot be shown is said on a page to who came by an address, and in one line to a page that asks for a part."""

from typing import Any

import pytest
from django.test import Client

from .hiding import Round

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/c/{conversation}/",
    "/compare/{comparison}/difference/",
    "/compare/{comparison}/repeats/",
    "/difference/?a={message}&b={message}",
    "/messages/{message}/repeats/",
    "/generations/{generation}/",
]
WORDS = "This is a blind round: reveal it first."


@pytest.fixture(params=ADDRESSES)
def address(request: Any, hidden: Round) -> str:
    names = ("comparison", "conversation", "message", "generation")
    return str(request.param.format(**{name: hidden.ids(name) for name in names}))


def test_a_typed_address_is_answered_with_a_page(alices: Client, address: str) -> None:
    response = alices.get(address)
    page = response.content.decode()
    assert response.status_code == 403
    assert page.startswith("<!doctype html>")
    assert "<title>Refused" in page
    assert WORDS in page


def test_a_page_that_asks_is_answered_in_one_line(alices: Client, address: str) -> None:
    response = alices.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response.content.decode().startswith('<p class="refusal"')
    assert WORDS in response.content.decode()

"""The pages of the history: what stands on them, and what they cost."""

from typing import Any

import pytest
from django.test import Client

from chat.history import CONVERSATIONS_ON_A_PAGE
from chat.models import Folder, Tag

from .shelving import compared, talk

pytestmark = pytest.mark.django_db


def test_the_page_can_be_read_without_scripts(alices: Client, alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 10):
        talk(alice, f"talk {number}")
    first = alices.get("/history/all/").content.decode()
    assert first.count('class="entry__title"') == CONVERSATIONS_ON_A_PAGE
    address = first.split('<a class="button button--bordered" href="')[1].split('"')[0].replace("&amp;", "&")
    second = alices.get(address).content.decode()
    assert second.count('class="entry__title"') == 10
    assert "<html" in second


def test_the_page_costs_as_many_queries_for_many_as_for_few(
    alices: Client, alice: Any, django_assert_max_num_queries: Any
) -> None:
    folder = Folder.objects.create(owner=alice, name="F")
    tags = Tag.of_names(alice, ["a", "b"])
    for number in range(30):
        talk(alice, f"{number}", folder=folder).tags.add(*tags)
        compared(alice, f"c{number}").tags.add(*tags)
    with django_assert_max_num_queries(22):
        assert alices.get("/history/all/").status_code == 200


def test_archived_ones_are_only_where_one_asks_for_them(alices: Client, alice: Any) -> None:
    talk(alice, "Put away", archived=True, pinned=True)
    talk(alice, "At hand")
    for path in ("/history/", "/history/all/", "/"):
        page = alices.get(path).content.decode()
        assert ("Put away" in page, "At hand" in page) == (False, True)
    away = alices.get("/history/?archived=1").content.decode()
    assert ("Put away" in away, "At hand" in away) == (True, False)


def test_a_page_asks_for_as_much_as_it_has_loaded(alices: Client, alice: Any) -> None:
    for number in range(130):
        talk(alice, f"talk {number}")
    assert alices.get("/history/?count=125").content.decode().count('class="conversation"') == 125
    for odd in ("0", "-3", "x", "9" * 50, "٣"):
        page = alices.get(f"/history/?count={odd}").content.decode()
        assert page.count('class="conversation"') == CONVERSATIONS_ON_A_PAGE

"""What the list is narrowed to: words of a title, a folder, a tag, the archive."""

from typing import Any

import pytest

from chat.history import CONVERSATIONS_ON_A_PAGE, Filter, page_of
from chat.models import Folder, Tag

from .listing import compared, talk, titles

pytestmark = pytest.mark.django_db


def test_a_search_finds_titles_that_hold_every_word(alice: Any) -> None:
    talk(alice, "Baking bread at home")
    talk(alice, "Bread and butter")
    talk(alice, "100% certain")
    assert titles(page_of(alice, query="bread HOME")) == ["Baking bread at home"]
    assert titles(page_of(alice, query="%")) == ["100% certain"]
    assert page_of(alice, query="bread nothing").empty
    assert len(titles(page_of(alice, query="   "))) == 3


@pytest.mark.parametrize("query", ["'; --", "_", "\\", "(", "b " * 500, "😀"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(alice: Any, query: str) -> None:
    talk(alice, "plain")
    assert page_of(alice, query=query).empty


def test_a_search_has_pages_too(alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 3):
        talk(alice, f"bread {number}")
        talk(alice, f"butter {number}")
    first = page_of(alice, query="bread")
    rest = page_of(alice, first.after, "bread")
    assert (len(titles(first)), len(titles(rest))) == (CONVERSATIONS_ON_A_PAGE, 3)


def test_a_search_finds_comparisons_and_not_their_panes(alice: Any) -> None:
    compared(alice, "Baking bread")
    talk(alice, "Bread and butter")
    compared(alice, "Something else")
    assert sorted(titles(page_of(alice, query="bread"))) == ["Baking bread", "Bread and butter"]
    assert page_of(alice, query="pane").empty


def test_each_filter_shows_its_own(alice: Any) -> None:
    folder, [tag] = Folder.objects.create(owner=alice, name="F"), Tag.of_names(alice, ["t"])
    talk(alice, "in folder", folder=folder)
    talk(alice, "tagged", pinned=True).tags.add(tag)
    talk(alice, "archived", folder=folder, archived=True)
    compared(alice, "both", folder=folder).tags.add(tag)

    def shown(**chosen: Any) -> list[str]:
        return sorted(titles(page_of(alice, chosen=Filter(**chosen))))

    assert shown() == ["both", "in folder", "tagged"]
    assert shown(folder=folder) == ["both", "in folder"]
    assert shown(tag=tag) == ["both", "tagged"]
    assert shown(folder=folder, tag=tag) == ["both"]
    assert shown(archived=True) == ["archived"]
    assert shown(archived=True, folder=folder, query="arch") == ["archived"]
    assert shown(archived=True, tag=tag) == []

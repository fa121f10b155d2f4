"""The dialog about one entry, open in two tabs: each stores what was changed in it, and no notes are lost unseen."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from chat.comparisons.panes import compare
from chat.models import Conversation, Folder, Tag

from .asking import words_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FIELD = re.compile(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"')


class Dialog:
    """As it stands in a tab: what it was opened with, and what is typed in it."""

    def __init__(self, client: Client, row: Any) -> None:
        self.client, self.path = client, f"/history/{row.pk}/"
        page = client.get(self.path, headers=HTMX).content.decode()
        self.form = {name: unescape(value) for name, value in FIELD.findall(page)}
        chosen = re.search(r'<option value="([^"]+)" selected', page)
        notes = re.search(r'<textarea[^>]*name="notes"[^>]*>\n(.*?)</textarea>', page, re.S)
        assert notes
        self.form |= {"folder": chosen[1] if chosen else "", "notes": unescape(notes[1]), "new_folder": ""}

    def save(self, **typed: str) -> Any:
        return self.client.post(self.path, {**self.form, **typed}, headers=HTMX)


@pytest.fixture(params=["chat", "comparison"])
def row(request: Any, alice: Any) -> Any:
    if request.param == "comparison":
        made: Any = compare(alice, [Conversation(owner=alice), Conversation(owner=alice)], "A name")
    else:
        made = Conversation.objects.create(owner=alice, title="A name")
    made.notes, made.folder = "As it was", Folder.objects.create(owner=alice, name="Old")
    made.save()
    made.tags.set(Tag.of_names(alice, ["one", "two"]))
    return made


def state(row: Any) -> tuple[str, str, list[str], str]:
    row.refresh_from_db()
    return row.title, row.folder.name if row.folder else "", [tag.name for tag in row.tags.all()], row.notes


def test_the_dialog_says_what_it_was_opened_with(alices: Client, row: Any) -> None:
    before = state(row)
    assert Dialog(alices, row).save().status_code == 200
    assert state(row) == before


def test_of_two_who_write_notes_the_second_is_told_and_keeps_their_own(alices: Client, row: Any) -> None:
    first, second = Dialog(alices, row), Dialog(alices, row)
    assert first.save(notes="Theirs <b>").status_code == 200
    late = second.save(notes="Mine", title="Another name", new_folder="Made", tags="three")
    assert late.status_code == 409
    assert "another tab changed these notes" in words_in(late)
    assert "Theirs &lt;b&gt;" in late.content.decode()
    # Nothing of it is stored.
    assert state(row) == ("A name", "Old", ["one", "two"], "Theirs <b>")
    assert not Folder.objects.filter(name="Made").exists()
    # Pressed once more without having looked it is refused once more.
    assert second.save(notes="Mine").status_code == 409
    over = re.search(r'name="over" value="(\w+)"', late.content.decode())
    assert over
    assert second.save(notes="Mine", over=over[1]).status_code == 200
    assert state(row)[3] == "Mine"


def test_over_newer_notes_is_not_over_still_newer_ones(alices: Client, row: Any) -> None:
    first, second = Dialog(alices, row), Dialog(alices, row)
    first.save(notes="Theirs")
    over = re.search(r'name="over" value="(\w+)"', second.save(notes="Mine").content.decode())
    assert over
    Dialog(alices, row).save(notes="Newer still")
    assert second.save(notes="Mine", over=over[1]).status_code == 409
    assert state(row)[3] == "Newer still"


def test_two_who_write_the_same_notes_agree(alices: Client, row: Any) -> None:
    first, second = Dialog(alices, row), Dialog(alices, row)
    assert [each.save(notes="The same\r\nwords").status_code for each in (first, second)] == [200, 200]
    assert state(row)[3] == "The same\nwords"


def test_what_was_not_changed_in_a_stale_dialog_stays_as_another_tab_left_it(
    alices: Client, row: Any
) -> None:
    stale = Dialog(alices, row)
    Dialog(alices, row).save(title="Renamed", new_folder="New", tags="one,three", notes="Theirs")
    saved = stale.save(tags="two,one,four")
    assert saved.status_code == 200
    assert 'data-title="Renamed"' in saved.content.decode()
    assert state(row) == ("Renamed", "New", ["four", "one", "three"], "Theirs")


def test_what_was_taken_away_in_a_stale_dialog_goes(alices: Client, row: Any) -> None:
    stale = Dialog(alices, row)
    Dialog(alices, row).save(tags="one,two,three")
    assert stale.save(tags="", folder="", notes="").status_code == 200
    assert state(row) == ("A name", "", ["three"], "")


def test_a_folder_that_another_tab_deleted_does_not_hold_up_the_rest(alices: Client, row: Any) -> None:
    stale = Dialog(alices, row)
    Folder.objects.all().delete()
    assert stale.save(notes="Mine").status_code == 200
    assert state(row) == ("A name", "", ["one", "two"], "Mine")


def test_a_folder_of_another_is_none_whatever_the_dialog_says(alices: Client, bob: Any, row: Any) -> None:
    strange = str(Folder.objects.create(owner=bob, name="Bob's").pk)
    Dialog(alices, row).save(folder=strange, was_folder=strange, notes="Mine")
    assert state(row)[1] == "Old"
    assert Dialog(alices, row).save(folder=strange).status_code == 404


def test_the_last_of_two_names_counts(alices: Client, row: Any) -> None:
    stale = Dialog(alices, row)
    Dialog(alices, row).save(title="Theirs")
    stale.save(title="Mine")
    assert state(row)[0] == "Mine"

"""What is done to entries of the history, one or thousands, by one command; and its undo."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.models import Comparison, Conversation, Folder, Generation, HistoryAct, Message, Pane, Status, Tag

from .asking import HTMX
from .shelving import compared, do, state, talk, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(alice: Any) -> list[Conversation | Comparison]:
    """Entries that differ in everything that an act changes."""
    old, new = Folder.objects.create(owner=alice, name="Old"), Folder.objects.create(owner=alice, name="New")
    rows = [talk(alice, "plain"), talk(alice, "pinned", pinned=True), talk(alice, "old", folder=old),
            talk(alice, "new", folder=new), talk(alice, "archived", archived=True), compared(alice)]  # fmt: skip
    rows[1].tags.add(*Tag.of_names(alice, ["demo", "other"]))
    rows[5].tags.add(*Tag.of_names(alice, ["demo"]))
    return rows


@pytest.mark.parametrize("act", ["archive", "unarchive", "pin", "unpin", "folder", "tag", "untag", "delete"])
def test_an_act_on_several_is_undone_to_the_letter(alices: Client, shelf: list[Any], act: str) -> None:
    folder = Folder.objects.get(name="New")
    before = state()
    response = do(alices, act, *shelf, folder=folder.pk if act == "folder" else "", tag_name="demo")
    assert response.status_code == 200
    assert "history-changed" in response["HX-Trigger"]
    changed = state()
    assert changed != before
    assert undo(alices).status_code == 200
    assert state() == before
    # Asked twice, it is undone once.
    assert undo(alices).status_code == 200
    assert state() == before


def test_each_act_does_what_it_says(alices: Client, alice: Any, shelf: list[Any]) -> None:
    plain, *_, comparison = shelf
    do(alices, "folder", plain, comparison, new_folder="Made now")
    do(alices, "tag", plain, comparison, tag_name="  Two Words ")
    do(alices, "pin", plain)
    do(alices, "archive", comparison)
    plain.refresh_from_db()
    comparison.refresh_from_db()
    assert (plain.folder.name, comparison.folder.name) == ("Made now", "Made now")
    assert [tag.name for tag in plain.tags.all()] == ["two-words"]
    assert (plain.pinned, plain.archived, comparison.archived) == (True, False, True)


def test_an_act_that_is_sent_twice_happens_once(alices: Client, shelf: list[Any]) -> None:
    form = {"command": uuid4(), "act": "archive", "entries": str(shelf[0].pk)}
    first, second = (alices.post("/history/acts/", form, headers=HTMX) for _ in range(2))
    assert first.content == second.content
    assert HistoryAct.objects.count() == 1
    other = alices.post("/history/acts/", {**form, "act": "pin"}, headers=HTMX)
    assert other.status_code == 409


def test_undo_leaves_alone_what_was_changed_since(alices: Client, alice: Any, shelf: list[Any]) -> None:
    plain, old = shelf[0], shelf[2]
    do(alices, "folder", plain, old, new_folder="First")
    Conversation.objects.filter(pk=plain.pk).update(folder=Folder.objects.get(name="New"))
    act = HistoryAct.objects.get()
    alices.delete(f"/history/acts/{act.pk}/", headers=HTMX)
    plain.refresh_from_db()
    old.refresh_from_db()
    assert (plain.folder.name, old.folder.name) == ("New", "Old")


def test_undo_after_the_folder_from_before_was_deleted(alices: Client, shelf: list[Any]) -> None:
    old = shelf[2]
    do(alices, "folder", old, new_folder="First")
    Folder.objects.filter(name="Old").delete()
    assert undo(alices).status_code == 200
    old.refresh_from_db()
    assert old.folder is None


def test_deleting_stops_what_runs_and_takes_the_panes_along(alices: Client, alice: Any) -> None:
    chat, comparison, kept = talk(alice), compared(alice), compared(alice, "kept")
    made = comparison.shown_panes()[0].conversation
    # A pane of two comparisons stays with the other one.
    shared = comparison.shown_panes()[1].conversation
    Pane.objects.create(comparison=kept, conversation=shared, position=9)
    Pane.objects.create(comparison=kept, conversation=chat, position=10)
    runs = [
        Generation.objects.create(owner=alice, conversation=each, model="m") for each in (chat, made, shared)
    ]
    version = kept.version
    do(alices, "delete", chat, comparison)
    asked = {run.pk: Generation.objects.get(pk=run.pk).stop_requested for run in runs}
    assert list(asked.values()) == [True, True, False]
    for each in (chat, made, shared, comparison, kept):
        each.refresh_from_db()
    assert [each.deleted_at is None for each in (chat, made, shared, comparison, kept)] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert kept.version == version + 1
    assert Generation.objects.filter(status=Status.RUNNING).count() == 3


def test_comparisons_are_written_before_what_stands_in_them(alices: Client, alice: Any) -> None:
    """As who works in one locks them: two that began at different ends would wait for one another."""
    chat, comparison, kept = talk(alice), compared(alice), compared(alice, "kept")
    Pane.objects.create(comparison=kept, conversation=chat, position=9)
    for act in (lambda: do(alices, "delete", chat, comparison), lambda: undo(alices)):
        with CaptureQueriesContext(connection) as asked:
            act()
        written = [each["sql"].split('"')[1] for each in asked if each["sql"].startswith("UPDATE")]
        entries = [table for table in written if table in ("chat_comparison", "chat_conversation")]
        assert entries == sorted(entries) != []


def test_all_that_match_are_meant_whether_shown_or_not(alices: Client, alice: Any, bob: Any) -> None:
    folder = Folder.objects.create(owner=alice, name="Full")
    inside = [talk(alice, f"bread {number}", folder=folder) for number in range(70)]
    outside, strange = talk(alice, "bread outside"), talk(bob, "bread of Bob")
    response = do(alices, "archive", everything="on", **{"filter:folder": folder.pk, "filter:q": "bread"})
    assert "70 conversations archived" in response.content.decode()
    assert Conversation.objects.filter(archived=True).count() == len(inside)
    assert not Conversation.objects.filter(pk__in=[outside.pk, strange.pk], archived=True).exists()


@pytest.mark.parametrize("act", ["archive", "folder", "tag", "untag", "delete", "pin"])
def test_thousands_take_as_many_statements_as_a_few(
    alices: Client, alice: Any, act: str, django_assert_max_num_queries: Any
) -> None:
    Conversation.objects.bulk_create([Conversation(owner=alice, title=f"{n}") for n in range(2500)])
    first = talk(alice)
    Message.objects.filter(conversation=first)
    Conversation.objects.update(tip=Message.objects.get())
    Tag.of_names(alice, ["x"])
    if act == "untag":
        do(alices, "tag", everything="on", tag_name="x")
    with django_assert_max_num_queries(40):
        response = do(alices, act, everything="on", tag_name="x", new_folder="F" if act == "folder" else "")
    assert "2,501 conversations" in response.content.decode()
    with django_assert_max_num_queries(40):
        undo(alices)

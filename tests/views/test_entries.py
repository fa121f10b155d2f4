"""The history over HTTP: its pages and filters, what is done to entries, folders and tags."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.history import CONVERSATIONS_ON_A_PAGE
from chat.models import Comparison, Conversation, Folder, Generation, HistoryAct, Message, Pane, Status, Tag

from .hiding import NAMES, TOLD, Round, reply_in_full, secrets_in

pytestmark = pytest.mark.django_db
HOSTILE = "</title><script>alert(1)</script>\"'&\u202egnp.exe"
HTMX = {"HX-Request": "true"}


def talk(user: Any, title: str = "A talk", **fields: Any) -> Conversation:
    conversation = Conversation.objects.create(owner=user, title=title, **fields)
    conversation.show(Message.objects.create(conversation=conversation, role="user"))
    return Conversation.objects.get(pk=conversation.pk)


def compared(user: Any, title: str = "Compared") -> Comparison:
    return compare(user, [Conversation(owner=user), Conversation(owner=user)], title)


def do(client: Client, act: str, *rows: Any, **form: Any) -> Any:
    """As the page does it, under an id of its own."""
    form = {"command": uuid4(), "act": act, "entries": ",".join(str(row.pk) for row in rows), **form}
    return client.post("/history/acts/", form, headers=HTMX)


def undo(client: Client) -> Any:
    newest = HistoryAct.objects.latest("created_at")
    return client.delete(f"/history/acts/{newest.pk}/", headers=HTMX)


def state() -> list[Any]:
    """All that an act may change."""
    fields = ("pk", "archived", "pinned", "folder_id", "deleted_at", "title", "notes", "active_at")
    rows = [list(kind.objects.order_by("pk").values(*fields)) for kind in (Conversation, Comparison)]
    tags = [sorted(kind.tags.through.objects.values_list(f"{name}_id", "tag_id")) for kind, name in (
        (Conversation, "conversation"), (Comparison, "comparison"))]  # fmt: skip
    return [*rows, *tags]


@pytest.fixture
def shelf(alice: Any) -> list[Conversation | Comparison]:
    """Entries that differ in everything that an act changes."""
    old, new = Folder.objects.create(owner=alice, name="Old"), Folder.objects.create(owner=alice, name="New")
    rows = [talk(alice, "plain"), talk(alice, "pinned", pinned=True), talk(alice, "old", folder=old),
            talk(alice, "new", folder=new), talk(alice, "archived", archived=True), compared(alice)]  # fmt: skip
    rows[1].tags.add(*Tag.of_names(alice, ["demo", "other"]))
    rows[5].tags.add(*Tag.of_names(alice, ["demo"]))
    return rows


# One command, one undo


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


# Who may


@pytest.mark.parametrize("act", ["archive", "delete", "folder", "tag"])
def test_one_strange_id_among_ones_own_is_404_and_nothing_is_done(
    alices: Client, alice: Any, bob: Any, act: str
) -> None:
    mine, strange = talk(alice), talk(bob)
    for other in (strange, compared(bob), Conversation(pk=uuid4())):
        assert do(alices, act, mine, other, tag_name="x", new_folder="F").status_code == 404
    assert (HistoryAct.objects.count(), Folder.objects.count(), Tag.objects.count()) == (0, 0, 0)
    mine.refresh_from_db()
    assert (mine.archived, mine.deleted_at, mine.folder, mine.tags.count()) == (False, None, None, 0)


def test_one_that_was_deleted_meanwhile_does_not_hold_up_the_others(alices: Client, alice: Any) -> None:
    gone, there = talk(alice, "gone"), talk(alice, "there")
    gone.delete_for_now()
    assert "“there” archived" in do(alices, "archive", gone, there).content.decode()


def test_strange_folders_and_tags_are_404_in_every_place(alices: Client, alice: Any, bob: Any) -> None:
    folder, tag = Folder.objects.create(owner=bob, name="Bob's"), Tag.objects.create(owner=bob, name="bobs")
    mine = talk(alice)
    queries = [f"folder={folder.pk}", f"tag={tag.pk}", f"folder={uuid4()}", "folder=x", "tag=%00"]
    for query in queries:
        for path in ("/history/", "/history/all/", "/history/filters/"):
            assert alices.get(f"{path}?{query}").status_code == 404
    assert do(alices, "folder", mine, folder=folder.pk).status_code == 404
    assert do(alices, "archive", everything="on", **{"filter:folder": folder.pk}).status_code == 404
    assert do(alices, "archive", everything="on", **{"filter:tag": tag.pk}).status_code == 404
    assert alices.post(f"/history/{mine.pk}/", {"title": "x", "folder": folder.pk}).status_code == 404
    assert do(alices, "untag", mine, tag_name="bobs").status_code == 422
    mine.refresh_from_db()
    assert (mine.folder, mine.archived, mine.title) == (None, False, "A talk")


def test_a_pane_is_no_entry(alices: Client, alice: Any) -> None:
    pane = compared(alice).shown_panes()[0].conversation
    assert alices.get(f"/history/{pane.pk}/").status_code == 404
    assert do(alices, "archive", pane).status_code == 404


def test_a_blind_comparison_is_put_in_order_without_telling_anything(alices: Client, hidden: Round) -> None:
    row = hidden.comparison
    replies = [
        alices.get(f"/history/{row.pk}/"), alices.get(f"/history/{row.pk}/menu/"),
        alices.post(f"/history/{row.pk}/", {"title": "Named", "tags": "a", "notes": "n"}),
        do(alices, "archive", row), alices.get("/history/all/?archived=1"),
    ]  # fmt: skip
    for response in replies:
        assert response.status_code == 200
        assert secrets_in(reply_in_full(response), [*TOLD, *NAMES]) == []
    assert do(alices, "archive", hidden.panes[0].conversation).status_code == 404


# What cannot be


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"act": "explode"}, "cannot be done"),
        ({"act": "archive", "entries": ""}, "Select a conversation first"),
        ({"act": "archive", "entries": "1,2"}, "Reload the page"),
        ({"act": "tag", "tag_name": ""}, "Type the tag"),
        ({"act": "tag", "tag_name": '#,"'}, "Type the tag"),
        ({"act": "tag", "tag_name": "x" * 10_000}, "at most 40 characters"),
        ({"act": "folder", "new_folder": "x" * 10_000}, "at most 80 characters"),
        ({"act": "folder", "new_folder": "a\0b"}, "NUL"),
        ({"act": "archive", "command": "x"}, "Reload the page"),
        ({"act": "untag", "tag_name": "nowhere"}, "There is no tag"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    alices: Client, alice: Any, form: dict[str, str], said: str
) -> None:
    mine = talk(alice)
    before = state()
    response = do(alices, form.pop("act"), *([] if "entries" in form else [mine]), **form)
    assert response.status_code == 422
    assert said in response.content.decode().replace("&quot;", '"')
    assert (state(), HistoryAct.objects.count(), Folder.objects.count()) == (before, 0, 0)


# All about one entry


@pytest.mark.parametrize("make", [talk, compared])
def test_title_folder_tags_and_notes_are_saved_together(alices: Client, alice: Any, make: Any) -> None:
    row = make(alice)
    said = {"title": "Named", "new_folder": "Work", "tags": "Demo, two words,,demo", "notes": "Look\r\nagain"}
    response = alices.post(f"/history/{row.pk}/", said, headers=HTMX)
    assert response.status_code == 200
    row.refresh_from_db()
    assert (row.title, row.folder.name, row.notes) == ("Named", "Work", "Look\nagain")
    assert [tag.name for tag in row.tags.all()] == ["demo", "two-words"]
    page = alices.get(f"/{'compare' if row.is_comparison else 'c'}/{row.pk}/").content.decode()
    assert "Work" in page
    assert "Look\nagain" in page
    alices.post(f"/history/{row.pk}/", {"title": "", "tags": "", "notes": ""}, headers=HTMX)
    row.refresh_from_db()
    assert (row.folder, row.notes, row.tags.count()) == (None, "", 0)
    assert row.title == ("" if row.is_comparison else "Named")


def test_notes_are_never_sent(alices: Client, alice: Any) -> None:
    row = talk(alice, notes="A note to myself")
    assert "note to myself" not in alices.get(f"/c/{row.pk}/code/?source=set").content.decode()


def test_hostile_words_are_text_everywhere(alices: Client, alice: Any) -> None:
    row = talk(alice, HOSTILE, notes=HOSTILE)
    response = alices.post(
        f"/history/{row.pk}/",
        {
            "title": HOSTILE,
            "new_folder": HOSTILE,
            "tags": "<script>alert(1)</script>\u202e",
            "notes": HOSTILE,
        },
        headers=HTMX,
    )
    assert response.status_code == 200
    folder, tag = Folder.objects.get(), Tag.objects.get()
    assert "\u202e" not in folder.name + tag.name
    paths = (
        "/history/", "/history/all/", "/history/filters/", "/folders/", f"/history/{row.pk}/", f"/c/{row.pk}/",
        f"/history/{row.pk}/menu/", f"/history/all/?folder={folder.pk}", f"/history/all/?tag={tag.pk}",
    )  # fmt: skip
    for path in paths:
        assert "<script>alert" not in alices.get(path).content.decode(), path
    told = (
        do(alices, "archive", row).content.decode()
        + do(alices, "folder", row, folder=folder.pk).content.decode()
    )
    assert "<script>alert" not in told


# The pages


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


# Folders and tags


@pytest.mark.parametrize(("kind", "model"), [("folder", Folder), ("tag", Tag)])
def test_they_are_made_renamed_and_deleted(alices: Client, alice: Any, kind: str, model: Any) -> None:
    assert alices.post(f"/{kind}s/creation/", {"name": "first"}, headers=HTMX).status_code == 200
    row = model.objects.get()
    alices.post(f"/{kind}s/{row.pk}/name/", {"name": "second"}, headers=HTMX)
    row.refresh_from_db()
    assert row.name == "second"
    inside = talk(alice)
    do(alices, kind, inside, folder=row.pk if kind == "folder" else "", tag_name=row.name)
    assert "1 conversation" in alices.get("/folders/").content.decode()
    alices.post(f"/{kind}s/{row.pk}/deletion/", headers=HTMX)
    inside.refresh_from_db()
    assert (model.objects.count(), inside.folder, inside.deleted_at) == (0, None, None)


@pytest.mark.parametrize("kind", ["folder", "tag"])
@pytest.mark.parametrize(
    ("name", "said"),
    [("taken", "already"), ("TAKEN", "already"), (" taken\u202e ", "already"), ("", "a name"), ("  ", "a name"),
     ("\0", "NUL"), ("x" * 10_000, "at most")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused_in_words(
    alices: Client, alice: Any, kind: str, name: str, said: str
) -> None:
    alices.post(f"/{kind}s/creation/", {"name": "taken"}, headers=HTMX)
    alices.post(f"/{kind}s/creation/", {"name": "free"}, headers=HTMX)
    row = (Folder if kind == "folder" else Tag).objects.get(name="free")
    for path in (f"/{kind}s/creation/", f"/{kind}s/{row.pk}/name/"):
        response = alices.post(path, {"name": name}, headers=HTMX)
        assert response.status_code == 422
        assert said in response.content.decode()
    row.refresh_from_db()
    assert row.name == "free"


def test_two_people_have_folders_of_one_name(alices: Client, as_user: Any, bob: Any) -> None:
    for client in (alices, as_user(bob)):
        assert client.post("/folders/creation/", {"name": "Work"}, headers=HTMX).status_code == 200
    assert Folder.objects.count() == 2


def test_deleting_a_folder_of_thousands_reads_none_of_them(
    alices: Client, alice: Any, django_assert_max_num_queries: Any
) -> None:
    folder = Folder.objects.create(owner=alice, name="Full")
    rows = [Conversation(owner=alice, folder=folder, active_at=timezone.now()) for _ in range(1000)]
    Conversation.objects.bulk_create(rows)
    with django_assert_max_num_queries(20):
        alices.post(f"/folders/{folder.pk}/deletion/", headers=HTMX)
    assert not Conversation.objects.exclude(folder=None).exists()

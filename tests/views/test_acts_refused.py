"""Whose entries an act touches, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat.models import Conversation, Folder, HistoryAct, Tag

from .hiding import NAMES, TOLD, Round, reply_in_full, secrets_in
from .shelving import compared, do, state, talk

pytestmark = pytest.mark.django_db


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

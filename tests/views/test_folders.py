"""Folders and tags: made, named, deleted."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Conversation, Folder, Tag

from .asking import HTMX
from .shelving import do, talk

pytestmark = pytest.mark.django_db


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

"""All about one entry: its title, folder, tags and notes."""

from typing import Any

import pytest
from django.test import Client

from chat.models import Conversation, Folder, Tag

from .asking import HTMX
from .shelving import compared, do, talk

pytestmark = pytest.mark.django_db
HOSTILE = "</title><script>alert(1)</script>\"'&\u202egnp.exe"


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


def test_notes_are_never_sent(alices: Client, conversation: Conversation) -> None:
    conversation.notes, conversation.system_prompt = "A note to myself", "Be brief"
    conversation.save()
    sent = alices.get(f"/c/{conversation.pk}/code/?source=set&target=curl").content.decode()
    assert "Be brief" in sent
    assert "note to myself" not in sent


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
        f"/history/all/?folder={folder.pk}", f"/history/all/?tag={tag.pk}",
    )  # fmt: skip
    replies = [
        *map(alices.get, paths),
        do(alices, "archive", row),
        do(alices, "folder", row, folder=folder.pk),
    ]
    assert "<script>alert" not in alices.get(f"/history/{row.pk}/menu/").content.decode()
    for response in replies:
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode(), response.request["PATH_INFO"]
        assert "&lt;script&gt;alert" in response.content.decode(), response.request["PATH_INFO"]

"""Imports over HTTP: the page, a file in pieces, and what is done with an import."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import access
from chat.models import Conversation, Transfer
from chat.transfers import uploads
from chat.transfers.jobs import Jobs
from tests.imports.test_chatgpt import branched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job is done when the request is: its thread would not see what the test has not committed."""
    settings.DATA = tmp_path
    monkeypatch.setattr(Jobs, "start", Jobs.carry_out)


FILE = json.dumps([branched()]).encode()


def begin(
    client: Client, size: int = len(FILE), command: Any = None, name: str = "conversations.json"
) -> Any:
    return client.post("/transfers/uploads/", {"command": command or uuid4(), "name": name, "size": size})


def piece(client: Client, id: str, at: Any, content: bytes) -> Any:
    return client.post(f"/transfers/{id}/pieces/?at={at}", content, content_type="application/octet-stream")


def import_it(client: Client, content: bytes = FILE) -> Transfer:
    id = begin(client, len(content)).json()["id"]
    assert piece(client, id, 0, content).json()["status"] == "running"
    return Transfer.objects.get(pk=id)


def page(client: Client) -> str:
    return str(client.get("/transfers/").content.decode())


@pytest.fixture
def client(alice: Any, as_user: Callable[[Any], Client]) -> Client:
    return as_user(alice)


def test_a_file_in_pieces(client: Client, alice: Any) -> None:
    begun = begin(client).json()
    assert (begun["have"], begun["status"]) == (0, "uploading")
    assert "0 % uploaded" in page(client)
    half = len(FILE) // 2
    assert piece(client, begun["id"], 0, FILE[:half]).json() == {"status": "uploading", "have": half}
    again = piece(client, begun["id"], 0, FILE[:half])
    assert (again.status_code, again.json()) == (409, {"have": half})
    assert piece(client, begun["id"], half, FILE[half:]).json()["status"] == "running"
    assert access.conversations(alice).get().title == "Weather"
    shown = page(client)
    assert "1 conversation" in shown
    assert "5 messages" in shown
    assert "ChatGPT" in shown


def test_the_same_command_is_the_same_upload(client: Client) -> None:
    command = uuid4()
    assert begin(client, command=command).json() == begin(client, command=command).json()
    assert Transfer.objects.count() == 1


def test_the_last_piece_again_imports_nothing_again(client: Client) -> None:
    transfer = import_it(client)
    assert piece(client, str(transfer.pk), 0, FILE).json()["status"] == "finished"
    assert Conversation.objects.count() == 1


def test_without_scripts_a_form_brings_it(client: Client, alice: Any) -> None:
    file = SimpleUploadedFile("my.json", FILE)
    response = client.post("/transfers/uploads/", {"command": uuid4(), "file": file})
    assert (response.status_code, response["Location"]) == (302, "/transfers/")
    assert access.conversations(alice).count() == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"size": ""}, 422),
        ({"size": "x"}, 422),
        ({"size": -1}, 422),
        ({"size": 0}, 400),
        ({"size": uploads.MOST_BYTES + 1}, 413),
        ({"command": "x"}, 422),
        ({"name": "a\x00b"}, 422),
    ],
)
def test_what_cannot_be_an_upload_is_refused_in_words(client: Client, form: Any, status: int) -> None:
    response = client.post(
        "/transfers/uploads/",
        {"command": uuid4(), "name": "a", "size": 5, **form},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == status
    assert b'class="refusal"' in response.content
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("at", "content", "status"),
    [("", b"x", 400), ("-1", b"x", 400), ("x", b"x", 400), ("٣", b"x", 400), ("9" * 40, b"x", 400), ("7", b"x", 409),
     (0, b"", 413), (0, FILE + b"x", 413)],
)  # fmt: skip
def test_a_piece_that_does_not_fit_is_refused(client: Client, at: Any, content: bytes, status: int) -> None:
    id = begin(client).json()["id"]
    assert piece(client, id, at, content).status_code == status
    assert Transfer.objects.get().done == 0


def test_a_piece_of_more_than_eight_megabytes_is_refused(client: Client) -> None:
    id = begin(client, 20_000_000).json()["id"]
    assert piece(client, id, 0, b"x" * (uploads.MOST_OF_PIECE + 1)).status_code in (400, 413)
    assert Transfer.objects.get().done == 0


def test_a_file_that_cannot_be_read_says_so_in_the_page(client: Client) -> None:
    import_it(client, b"<html>")
    assert "The file is not JSON" in page(client)


def test_a_name_with_markup_is_text(client: Client) -> None:
    id = begin(client, 1, name="<script>x.json").json()["id"]
    piece(client, id, 0, b"x")
    assert "<script>x" not in page(client)
    assert "&lt;script&gt;x.json" in page(client)


def test_the_same_file_again_is_told(client: Client) -> None:
    import_it(client)
    assert "imported before" not in page(client)
    import_it(client)
    assert re.search(r"The same file was imported before, on \d+ \w+ \d{4}:", page(client))


def test_undo_and_removal_from_the_list(client: Client, alice: Any) -> None:
    transfer = import_it(client)
    client.post(f"/transfers/{transfer.pk}/undo/")
    assert not access.conversations(alice).exists()
    assert "Undone." in page(client)
    second = import_it(client)
    client.post(f"/transfers/{second.pk}/deletion/")
    assert access.conversations(alice).count() == 1
    assert not Transfer.objects.filter(pk=second.pk).exists()


def test_cancelling_an_upload(client: Client) -> None:
    id = begin(client).json()["id"]
    client.post(f"/transfers/{id}/stop/")
    assert Transfer.objects.get().status == "cancelled"
    assert not list(uploads.folder().iterdir())
    assert piece(client, id, 0, FILE).json()["status"] == "cancelled"
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(("act", "status"), [("undo", 409), ("deletion", 409), ("stop", 302)])
def test_what_may_be_done_with_one_that_runs(client: Client, alice: Any, act: str, status: int) -> None:
    id = begin(client).json()["id"]
    Transfer.objects.update(status="running", done=50)
    assert client.post(f"/transfers/{id}/{act}/").status_code == status
    assert Transfer.objects.get().stop_requested == (act == "stop")
    fragment = client.get(f"/transfers/{id}/").content.decode()
    assert "every 1s" in fragment
    assert ("Cancelling" in fragment) == (act == "stop")


def test_a_stranger_finds_none_of_it(client: Client, bob: Any, as_user: Callable[[Any], Client]) -> None:
    id, stranger = begin(client).json()["id"], as_user(bob)
    assert piece(stranger, id, 0, FILE).status_code == 404
    assert stranger.get(f"/transfers/{id}/").status_code == 404
    for act in ("stop", "undo", "deletion"):
        assert stranger.post(f"/transfers/{id}/{act}/").status_code == 404
    for who, is_listed in ((client, True), (stranger, False)):
        assert ("conversations.json</strong>" in page(who)) is is_listed
    assert Transfer.objects.get().status == "uploading"


def test_the_number_of_queries_does_not_grow_with_the_list(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client)
        return len(captured)

    import_it(client)
    few = queries()
    for _ in range(4):
        import_it(client)
    assert queries() <= few


def test_a_piece_of_an_upload_that_another_tab_has_just_removed_is_refused_in_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(client).json()
    monkeypatch.setattr(uploads, "write", lambda *_: Transfer.objects.all().delete())
    answer = piece(client, begun["id"], 0, FILE[:10])
    assert answer.status_code == 409
    assert "removed in another tab" in answer.content.decode()

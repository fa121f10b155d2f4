"""A file on its way here, piece by piece."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Transfer
from chat.refusals import Refused
from chat.transfers import uploads

from .importing import many, uploaded

pytestmark = pytest.mark.django_db


def test_pieces_in_any_order_make_the_file_that_was_sent(alice: Any) -> None:
    content = many(5)
    transfer = uploads.begin(alice, uuid4(), "a.json", len(content))

    def take(at: int, to: int) -> bool:
        transfer.refresh_from_db()
        return uploads.take(transfer, at, content[at:to])

    assert not take(0, 40)
    for at in (0, 80):
        with pytest.raises(uploads.OutOfStep) as behind:
            take(at, at + 40)
        assert behind.value.have == 40
    assert not take(40, 100)
    assert take(100, len(content))
    assert uploads.file_of(transfer.pk).read_bytes() == content


def test_a_piece_that_is_written_late_once_more_takes_nothing_away(alice: Any) -> None:
    content = many(2)
    transfer = uploads.begin(alice, uuid4(), "a.json", len(content))
    # Sent again before the first one was answered: both have read that nothing is there yet.
    late = Transfer.objects.get(pk=transfer.pk)
    for at in (0, 40):
        uploads.take(Transfer.objects.get(pk=transfer.pk), at, content[at : at + 40])
    with pytest.raises(uploads.OutOfStep):
        uploads.take(late, 0, content[:40])
    assert uploads.file_of(transfer.pk).read_bytes() == content[:80]


def test_more_than_was_said_is_refused(alice: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 10)
    with pytest.raises(Refused, match="More has come"):
        uploads.take(transfer, 0, b"x" * 11)


@pytest.mark.parametrize(("size", "words"), [(uploads.MOST_BYTES + 1, "500 MB"), (0, "empty")])
def test_a_size_that_cannot_be_is_refused_before_anything_comes(alice: Any, size: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        uploads.begin(alice, uuid4(), "a.json", size)
    assert not Transfer.objects.exists()


def test_one_import_at_a_time_for_each(alice: Any, bob: Any) -> None:
    uploaded(alice, many(1))
    with pytest.raises(Refused, match="is running"):
        uploads.begin(alice, uuid4(), "b.json", 10)
    assert uploads.begin(bob, uuid4(), "b.json", 10)


def test_another_upload_gives_the_first_one_up(alice: Any) -> None:
    first = uploads.begin(alice, uuid4(), "a.json", 10)
    second = uploads.begin(alice, uuid4(), "b.json", 10)
    assert list(Transfer.objects.all()) == [second]
    assert not uploads.file_of(first.pk).exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.json", "a.json"),
        ("a\x00b\n.json", "a\ufffdb\ufffd.json"),
        ("/", "A file"),
        ("x" * 4000 + ".json", "x" * 195 + ".json"),
        ("..", ".."),
    ],
)
def test_a_name_is_only_shown(alice: Any, name: str, shown: str) -> None:
    """Safety V64."""
    transfer = uploads.begin(alice, uuid4(), name, 10)
    assert transfer.name == shown
    assert [path.name for path in uploads.folder().iterdir()] == [str(transfer.pk)]


def test_a_link_in_the_place_of_the_file_is_not_followed(alice: Any, tmp_path: Any) -> None:
    transfer = uploads.begin(alice, uuid4(), "a.json", 4)
    outside = tmp_path / "outside"
    outside.write_text("kept")
    uploads.discard(transfer.pk)
    uploads.file_of(transfer.pk).symlink_to(outside)
    with pytest.raises(Refused):
        uploads.take(transfer, 0, b"evil")
    assert outside.read_text() == "kept"

"""How the databases read a page of the history: each in the order of an index of its own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chat import access
from chat.history import CONVERSATIONS_ON_A_PAGE, Filter, rows_of
from chat.models import Comparison, Conversation, Folder

from .listing import talk

pytestmark = pytest.mark.django_db
# The index is entered at the place that a page begins with, and not read from the newest down to it.
BEGINS_THERE = re.compile(r"(USING INDEX|Index Cond:).*active_at ?<")


@pytest.mark.parametrize(
    ("chosen", "name", "pinned"),
    [
        ({}, "newest_first", False), ({}, "pinned", True), ({"archived": True}, "archived", None),
        ({"folder": True}, "in_folder", False),
    ],
)  # fmt: skip
def test_a_page_is_read_in_the_order_of_its_index(
    alice: Any, chosen: dict[str, Any], name: str, pinned: bool | None
) -> None:
    folder = Folder.objects.create(owner=alice, name="F")
    chosen = {"folder": folder} if chosen.get("folder") else chosen
    many(alice, folder)
    place = (timezone.now() - timedelta(minutes=50), talk(alice).pk)
    for kind, rows in zip(("history", "comparisons"), rows_of(alice, Filter(**chosen)), strict=True):
        rows = rows if pinned is None else rows.filter(pinned=pinned)
        pages = (rows.newest_first(), rows.before(*place).newest_first())
        first, far = (plan_of(page[: CONVERSATIONS_ON_A_PAGE + 1]) for page in pages)
        for plan in (first, far):
            assert f"{kind}_{name}" in plan
            assert "Sort" not in plan
            assert "TEMP B-TREE" not in plan
        assert BEGINS_THERE.search(far)


def test_the_model_used_last_is_read_from_the_end_of_an_index(alice: Any) -> None:
    rows = access.conversations(alice).filter(provider__isnull=False).newest_first()[:1]
    assert "conversations_last_used" in plan_of(rows)


def many(user: Any, folder: Folder) -> None:
    """So many that it matters how they are read, a tenth of them each pinned, archived and in the folder."""
    now, tip = timezone.now(), talk(user).tip
    for kind, more in ((Conversation, {"tip": tip}), (Comparison, {"title": "Named"})):
        rows = [
            kind(
                owner=user, active_at=now - timedelta(minutes=n), pinned=n % 10 == 1, archived=n % 10 == 2,
                folder=folder if n % 10 == 3 else None, **more,
            )
            for n in range(1000)
        ]  # fmt: skip
        kind.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE chat_conversation, chat_comparison")


def plan_of(rows: Any) -> str:
    """How the database would read them, if there were many."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return str(rows.explain())

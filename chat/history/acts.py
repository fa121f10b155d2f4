"""What is done to entries of the history, to one or to thousands: one command, few updates."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from chat.models import Folder, HistoryAct, Tag
from chat.models.command import digest

from .changing import Before, put_on, set_field, take_off
from .choosing import KINDS, Chosen
from .deleting import delete

# The acts that set one field, and what they set it to. None: the target of the act.
FIELDS: dict[str, tuple[str, bool | None]] = {
    "archive": ("archived", True),
    "unarchive": ("archived", False),
    "pin": ("pinned", True),
    "unpin": ("pinned", False),
    "folder": ("folder_id", None),
}
ACTS = (*FIELDS, "tag", "untag", "delete")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    act: str
    folder: Folder | None = None
    tag: Tag | None = None

    @property
    def target(self) -> UUID | None:
        about = {"folder": self.folder, "tag": self.tag, "untag": self.tag}.get(self.act)
        return about.pk if about else None


@dataclass(frozen=True, slots=True)
class Done:
    act: HistoryAct
    # Comparisons that show something else now.
    rearranged: list[UUID]


def perform(user: User, id: UUID, content: str, order: Order, find: Any) -> Done:
    """Do it once, in one transaction. `find` says to which entries. Raises CommandConflict."""
    if seen := HistoryAct.seen(user, id, content):
        return Done(seen, [])
    try:
        with transaction.atomic():
            row = HistoryAct(
                pk=id, owner_id=user.pk, digest=digest(content), act=order.act, target=order.target
            )
            # Of two at once the second waits here.
            row.save(force_insert=True)
            before, rearranged = carry_out(order, find(), row)
            row.before = [(kind, was, [str(each) for each in ids]) for kind, was, ids in before if ids]
            row.said = words_of(order, row)
            row.save(update_fields=["before", "said"])
    except IntegrityError:
        seen = HistoryAct.seen(user, id, content)
        if seen is None:
            raise
        return Done(seen, [])
    return Done(row, rearranged)


def carry_out(order: Order, chosen: Chosen, row: HistoryAct) -> tuple[Before, list[UUID]]:
    if order.act == "delete":
        return delete(chosen, row)
    if order.act in FIELDS:
        name, value = FIELDS[order.act]
        return set_field(chosen, name, order.target if value is None else value), []
    assert order.tag
    return (put_on if order.act == "tag" else take_off)(chosen, order.tag.pk), []


# Words


def words_of(order: Order, row: HistoryAct) -> str:
    """What was done, as it is told beside Undo."""
    folder, tag = order.folder and order.folder.name, order.tag and order.tag.name
    done = {
        "archive": "archived",
        "unarchive": "back in the history",
        "pin": "pinned",
        "unpin": "no longer pinned",
        "folder": f"moved to “{folder}”" if folder else "taken out of the folder",
        "tag": f"tagged “{tag}”",
        "untag": f"no longer tagged “{tag}”",
        "delete": "deleted",
    }[order.act]
    return f"{subject_of(row)} {done}" if row.changed else f"Nothing to change: all are {done} already"


def subject_of(row: HistoryAct) -> str:
    if row.changed != 1:
        return f"{row.changed:,} conversations"
    kind, [id] = next((kind, ids) for kind, _, ids in row.before if kind != "pane")
    title = KINDS[kind].objects.values_list("title", flat=True).get(pk=id)
    return f"“{title[:40]}{'…' if title[40:] else ''}”" if title else "1 conversation"

"""An act taken back: each entry gets what it had."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from chat import access
from chat.models import HistoryAct, Tag

from .acts import FIELDS, Done
from .changing import links_of
from .choosing import KINDS, parts_of
from .deleting import rearrange_with


@transaction.atomic
def undo(user: User, id: UUID) -> Done:
    """Put back what it changed, where nobody has changed it again since. Asked twice, it happens once."""
    row = access.history_act(user, id)
    row.hold()
    if row.undone_at is not None:
        return Done(row, [])
    rearranged: list[UUID] = []
    if row.act == "delete":
        rearranged = [UUID(each) for kind, _, ids in row.before if kind == "comparison" for each in ids]
        chats = [UUID(each) for kind, _, ids in row.before if kind == "conversation" for each in ids]
        rearranged += rearrange_with(chats)
    targets = there_still(user, row)
    for kind, was, ids in row.before:
        for part in parts_of([UUID(each) for each in ids]):
            put_back(row, kind, was if row.act != "folder" or was in targets else None, part)
    row.mark_undone()
    return Done(row, rearranged)


def there_still(user: User, row: HistoryAct) -> set[str]:
    """Of the folders in which the entries were."""
    if row.act != "folder":
        return set()
    wanted = [was for _, was, _ in row.before if was]
    return {str(pk) for pk in access.folders(user).filter(pk__in=wanted).values_list("pk", flat=True)}


def put_back(row: HistoryAct, kind: str, was: Any, ids: list[UUID]) -> None:
    mine = KINDS[kind].objects.filter(owner_id=row.owner_id, pk__in=ids)
    if row.act == "delete":
        mine.filter(deleted_at=row.created_at).update(deleted_at=None)
    elif row.act in FIELDS:
        name, value = FIELDS[row.act]
        mine.filter(**{name: row.target if value is None else value}).update(**{name: was})
    else:
        links, side = links_of(kind)
        if row.act == "tag":
            links.objects.filter(tag_id=row.target, **{f"{side}__in": ids}).delete()
        elif row.target and Tag.objects.filter(pk=row.target).exists():
            there = mine.values_list("pk", flat=True)
            rows = [links(**{side: id, "tag_id": row.target}) for id in there]
            links.objects.bulk_create(rows, ignore_conflicts=True)

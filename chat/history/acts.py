"""What is done to entries of the history, to one or to thousands: one command, few updates, and one undo that puts back
just what it changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404

from chat import access
from chat.models import Comparison, Conversation, Folder, Generation, HistoryAct, Pane, Tag
from chat.models.command import digest

from .pages import Filter, rows_of

# The acts that set one field, and what they set it to. None: the target of the act.
FIELDS: dict[str, tuple[str, bool | None]] = {
    "archive": ("archived", True),
    "unarchive": ("archived", False),
    "pin": ("pinned", True),
    "unpin": ("pinned", False),
    "folder": ("folder_id", None),
}
ACTS = (*FIELDS, "tag", "untag", "delete")
# Of each statement: databases take only so many parameters.
MOST_IDS = 5000
KINDS: dict[str, Any] = {"conversation": Conversation, "comparison": Comparison, "pane": Conversation}

# [kind, what was there, ids]
Before = list[tuple[str, Any, list[UUID]]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Ids of entries, by kind."""

    conversation: list[UUID] = field(default_factory=list)
    comparison: list[UUID] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.conversation) + len(self.comparison)

    def parts(self) -> Iterator[tuple[str, list[UUID]]]:
        """In an order that all keep to, so that nobody waits in a circle."""
        for kind in ("comparison", "conversation"):
            for part in parts_of(sorted(getattr(self, kind))):
                yield kind, part


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


def chosen_among(user: User, ids: Iterable[UUID]) -> Chosen:
    """One's own entries among these. Raises Http404 if one of them is another's or was never there; one that was
    deleted meanwhile is left out."""
    wanted = set(ids)
    found, known = Chosen(), set()
    for part in parts_of(sorted(wanted)):
        for kind, there in (("conversation", found.conversation), ("comparison", found.comparison)):
            rows = KINDS[kind].objects.filter(owner_id=user.pk, pk__in=part)
            if kind == "conversation":
                rows = rows.filter(listed=True, blind=False)
            for id, deleted_at in rows.values_list("pk", "deleted_at"):
                known.add(id)
                if deleted_at is None:
                    there.append(id)
    if known != wanted:
        raise Http404
    return found


def all_that(user: User, chosen: Filter) -> Chosen:
    """Everything that the filter lets through."""
    chats, comparisons = (list(rows.values_list("pk", flat=True)) for rows in rows_of(user, chosen))
    return Chosen(chats, comparisons)


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


def set_field(chosen: Chosen, name: str, value: Any) -> Before:
    before: Before = []
    for kind, ids in chosen.parts():
        rows = KINDS[kind].objects.filter(pk__in=ids)
        was: dict[Any, list[UUID]] = defaultdict(list)
        held = (
            rows.exclude(**{name: value})
            .select_for_update(no_key=True)
            .order_by("pk")
            .values_list("pk", name)
        )
        for id, there in held:
            was[str(there) if isinstance(there, UUID) else there].append(id)
        changed = [id for ids in was.values() for id in ids]
        KINDS[kind].objects.filter(pk__in=changed).update(**{name: value})
        before += [(kind, there, ids) for there, ids in was.items()]
    return before


def put_on(chosen: Chosen, tag: UUID) -> Before:
    before: Before = []
    for kind, ids in chosen.parts():
        links, side = links_of(kind)
        there = set(links.objects.filter(tag_id=tag, **{f"{side}__in": ids}).values_list(side, flat=True))
        missing = [id for id in ids if id not in there]
        links.objects.bulk_create(
            [links(**{side: id, "tag_id": tag}) for id in missing], ignore_conflicts=True
        )
        before.append((kind, None, missing))
    return before


def take_off(chosen: Chosen, tag: UUID) -> Before:
    before: Before = []
    for kind, ids in chosen.parts():
        links, side = links_of(kind)
        rows = links.objects.filter(tag_id=tag, **{f"{side}__in": ids})
        before.append((kind, None, list(rows.values_list(side, flat=True))))
        rows.delete()
    return before


def links_of(kind: str) -> tuple[Any, str]:
    """The table between entries and tags, and its column for the entries."""
    return KINDS[kind].tags.through, f"{kind}_id"


# Deletion


def delete(chosen: Chosen, row: HistoryAct) -> tuple[Before, list[UUID]]:
    """As one by one (`delete_for_now`), in few statements. What was deleted by this act has its moment.

    Comparisons come before what stands in them, as in `Comparison.lock`.
    """
    rearranged = {*chosen.comparison, *rearrange_with(chosen.conversation)}
    before: Before = []
    for kind, ids in chosen.parts():
        before.append((kind, None, ids))
        if kind == "comparison":
            before.append(("pane", None, only_in(ids, chosen.comparison)))
    for kind, _, ids in before:
        for part in parts_of(ids):
            KINDS[kind].objects.filter(pk__in=part, deleted_at=None).update(deleted_at=row.created_at)
            if kind != "comparison":
                running = Generation.objects.filter(conversation__in=part).running()
                running.update(stop_requested=True)
    return before, sorted(rearranged)


def only_in(comparisons: Sequence[UUID], going: Sequence[UUID]) -> list[UUID]:
    """The conversations that were made for these comparisons, and that none of the others shows."""
    shown = Pane.objects.filter(removed_at=None, comparison__deleted_at=None)
    theirs = shown.filter(
        comparison__in=comparisons, conversation__listed=False, conversation__deleted_at=None
    )
    found = set(theirs.values_list("conversation", flat=True))
    going_too = set(going)
    for part in parts_of(sorted(found)):
        elsewhere = shown.filter(conversation__in=part).values_list("conversation", "comparison")
        found -= {conversation for conversation, comparison in elsewhere if comparison not in going_too}
    return sorted(found)


def rearrange_with(conversations: Sequence[UUID]) -> list[UUID]:
    """The comparisons that show one of these have one pane less, or one more."""
    found: set[UUID] = set()
    for part in parts_of(conversations):
        shown = Pane.objects.filter(conversation__in=part, removed_at=None, comparison__deleted_at=None)
        found |= set(shown.values_list("comparison", flat=True))
    for part in parts_of(sorted(found)):
        Comparison.objects.filter(pk__in=part).update(version=F("version") + 1)
    return sorted(found)


# Back


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


def parts_of(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), MOST_IDS):
        yield list(ids[start : start + MOST_IDS])

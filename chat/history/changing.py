"""A field or a tag of many entries, changed in few statements. What was there before is told, for the undo."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from .choosing import KINDS, Chosen

# [kind, what was there, ids]
Before = list[tuple[str, Any, list[UUID]]]


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

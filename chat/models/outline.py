"""The tree of a conversation as ids: who hangs on whom once some are left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from .turn import ASSISTANT

Parents = Mapping[UUID, UUID | None]


def hung_anew(parents: Parents, left_out: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Those that stay, in their order, each with the nearest one above it that stays: as a page shows them.

    Walks every message once, however long a row of those that are left out.
    """
    gone = set(left_out)
    above: dict[UUID, UUID | None] = {}

    def nearest(id: UUID | None) -> UUID | None:
        passed: list[UUID] = []
        while id in gone and id not in above:
            passed.append(id)
            # Whatever stands in the database, this comes to an end.
            above[id] = None
            id = parents.get(id)
        found = above[id] if id in gone else id if id in parents else None
        above.update(dict.fromkeys(passed, found))
        return found

    return {id: nearest(parent) for id, parent in parents.items() if id not in gone}


def going_on(rows: Mapping[UUID, Mapping[str, Any]]) -> set[UUID]:
    """What is one turn with the message above it (turn.py): both have to be a model's."""
    return {
        id
        for id, row in rows.items()
        if row["continues"] and row["role"] == ASSISTANT == rows.get(row["parent_id"], row)["role"]
    }


def without_heads(parents: Parents, continuing: set[UUID], deleted: set[UUID]) -> set[UUID]:
    """What goes on from a deleted message: one turn with it, so it is gone too."""
    gone: set[UUID] = set()
    for id in continuing:
        spans, head = {id}, parents[id]
        while head in continuing and head not in spans:
            spans.add(head)
            head = parents[head]
        if head in deleted:
            gone |= spans
    return gone


def children_of(parents: Parents) -> dict[UUID | None, list[UUID]]:
    """Each with those that hang on it, in the order in which they were made."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for id, parent in parents.items():
        children[parent].append(id)
    return children


def path_in(parents: Parents, id: UUID) -> list[UUID]:
    """From the root down to this one."""
    path: dict[UUID, None] = {}
    here: UUID | None = id
    while here is not None and here not in path:
        path[here] = None
        here = parents[here]
    return [*reversed(path)]


def all_below(children: Mapping[UUID | None, list[UUID]], id: UUID) -> list[UUID]:
    """This one and whatever hangs on it."""
    found = [id]
    for each in found:
        found += children.get(each, [])
    return found

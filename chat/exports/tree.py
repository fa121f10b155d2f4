"""Messages in the order of a file: parents before their children, alternatives in their order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

ASSISTANT = "assistant"


class Node(NamedTuple):
    id: UUID
    parent: UUID | None
    role: str
    continues: bool
    # Deleted, or still being written: what hangs below it hangs above it in the file, as on the page.
    left_out: bool


class Place(NamedTuple):
    """Where a message is reached: what it hangs on in the file, and the head of the turn above it."""

    node: Node
    parent: UUID | None
    head: Node | None


@dataclass(frozen=True, slots=True)
class Numbered:
    """The messages of a file with their numbers, from 1. `continuing` are those that go on with the turn above."""

    numbers: dict[UUID, int]
    parents: dict[UUID, UUID | None]
    continuing: set[UUID]
    tip: UUID | None


def numbered(nodes: Iterable[Node], tip: UUID | None) -> Numbered:
    """`nodes` come in the order of alternatives. Walked without recursion: a chain may be long."""
    below: dict[UUID | None, list[Node]] = defaultdict(list)
    known: dict[UUID, Node] = {}
    for node in nodes:
        known[node.id] = node
        below[node.parent].append(node)
    parents: dict[UUID, UUID | None] = {}
    continuing: set[UUID] = set()
    waiting = [Place(node, None, None) for node in reversed(below[None])]
    while waiting:
        node, parent, head = waiting.pop()
        goes_on = node.continues and head is not None and head.role == node.role == ASSISTANT
        head = head if goes_on and head else node
        # Without its head nothing is left of a turn.
        if not node.left_out and not head.left_out:
            parents[node.id] = parent
            parent = node.id
            if goes_on:
                continuing.add(node.id)
        waiting.extend(Place(child, parent, head) for child in reversed(below.get(node.id, ())))
    numbers = {id: number for number, id in enumerate(parents, 1)}
    return Numbered(numbers, parents, continuing, shown_end(known, numbers, tip))


def shown_end(known: dict[UUID, Node], numbers: dict[UUID, int], tip: UUID | None) -> UUID | None:
    """The last message of the shown branch that is in the file. If there is none, the last one of all."""
    while tip is not None and tip not in numbers:
        tip = known[tip].parent if tip in known else None
    return tip or next(reversed(numbers), None)

"""A move taken back: all hangs where it hung, what it left as copies is gone, and the same branch is shown.

To move back is not that: what parted where a message was put for a moment would keep a copy of it.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.refusals import Refused

from .conversation import Conversation
from .message import Message

CHANGED = "Something else was changed here since it was moved, so it stays where it is. Move it by hand."

Parents = dict[UUID, UUID | None]


def parents_in(conversation: Conversation) -> Parents:
    return dict(Message.objects.filter(conversation=conversation).values_list("pk", "parent_id"))


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move has changed. `version` is that of the conversation, once it was moved."""

    version: int
    tip: UUID | None
    parents: Parents
    copies: list[UUID]

    @classmethod
    def since(cls, before: Parents, tip: UUID | None, conversation: Conversation) -> "Moved":
        now = parents_in(conversation)
        changed = {id: parent for id, parent in before.items() if now[id] != parent}
        version = Conversation.objects.values_list("version", flat=True).get(pk=conversation.pk)
        return cls(version, tip, changed, [id for id in now if id not in before])

    def as_json(self) -> dict[str, Any]:
        parents = {str(id): parent and str(parent) for id, parent in self.parents.items()}
        tip = self.tip and str(self.tip)
        return {
            "version": self.version,
            "tip": tip,
            "parents": parents,
            "copies": list(map(str, self.copies)),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Moved":
        parents = {UUID(id): parent and UUID(parent) for id, parent in told["parents"].items()}
        tip = told["tip"] and UUID(told["tip"])
        return cls(told["version"], tip, parents, [UUID(id) for id in told["copies"]])


@transaction.atomic
def move_back(conversation: Conversation, moved: Moved) -> None:
    """Raises Refused where anything was changed in the conversation since."""
    conversation.hold()
    if conversation.version != moved.version:
        raise Refused(CHANGED, status=409)
    rows = Message.objects.filter(conversation=conversation)
    by_parent: dict[UUID | None, list[UUID]] = defaultdict(list)
    for id, parent in moved.parents.items():
        by_parent[parent].append(id)
    for parent, ids in by_parent.items():
        rows.filter(pk__in=ids).update(parent=parent)
    rows.filter(pk__in=moved.copies, deleted_at=None).update(deleted_at=timezone.now())
    conversation.show(rows.filter(pk=moved.tip).first() if moved.tip else None)

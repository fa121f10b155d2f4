"""Which messages of a conversation are shown, and what hangs on what among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chat.models import Conversation, Generation, Message, Role, Status
from chat.models.branch import LONG_IN_CONVERSATIONS, NOT_SHOWN, WITH_ITS_CALL, path_to

from .options import Options


class Stem(NamedTuple):
    """What has to be known of every message, deleted ones too, to tell the turns."""

    parent: UUID | None
    role: str
    continues: bool
    muted: bool
    deleted: bool


Stems = Mapping[UUID, Stem]


@dataclass(frozen=True, slots=True)
class Shown:
    """Messages in the order in which they were made. `parents` are those that are shown, too."""

    messages: list[Message]
    parents: dict[UUID, UUID | None]
    tip: UUID | None
    # How many the owner left out by hand, and how many alternatives are not there.
    hidden: int
    others: int

    def numbers(self) -> dict[UUID, int]:
        return {message.pk: number for number, message in enumerate(self.messages)}

    @property
    def number_of_tip(self) -> int:
        return len(self.messages) - 1 if self.tip is None else self.numbers()[self.tip]

    def last_call(self) -> Generation | None:
        """The call that made the last answer of the branch that is shown."""
        by_id = {message.pk: message for message in self.messages}
        id, passed = self.tip, set[UUID]()
        while id is not None and id not in passed:
            if call := by_id[id].call:
                return call
            passed.add(id)
            id = self.parents[id]
        return None


def shown_of(conversation: Conversation, options: Options) -> Shown:
    stems = stems_of(conversation)
    there = candidates(conversation, stems, alternatives=options.alternatives)
    kept = {message.pk: message for message in there if is_chosen(message, stems, options)}
    return Shown(
        [kept[id] for id in sorted(kept)],
        {id: nearest(stems[id].parent, stems, kept) for id in kept},
        nearest(conversation.tip_id, stems, kept),
        hidden=len({head_of(message.pk, stems) for message in there} & options.hidden),
        others=0 if options.alternatives else _others(there, stems),
    )


def stems_of(conversation: Conversation) -> Stems:
    rows = Message.objects.filter(conversation=conversation)
    return {
        id: Stem(parent, role, continues, muted, deleted_at is not None)
        for id, parent, role, continues, muted, deleted_at in rows.values_list(
            "pk", "parent_id", "role", "continues", "muted", "deleted_at"
        )
    }


def candidates(conversation: Conversation, stems: Stems, *, alternatives: bool) -> list[Message]:
    """Those among which one can choose: of the shown branch, or of all of them. What still runs is none, and what goes
    on from something deleted is as deleted as that."""
    if alternatives:
        rows = Message.objects.filter(conversation=conversation, deleted_at=None)
        rows = rows.select_related("conversation", *WITH_ITS_CALL)
        found = list(rows.defer(*NOT_SHOWN, *LONG_IN_CONVERSATIONS).order_by("pk"))
    else:
        found = path_to(conversation.tip_id)
    return [
        message
        for message in found
        if message.status != Status.RUNNING and not stems[head_of(message.pk, stems)].deleted
    ]


def head_of(id: UUID, stems: Stems) -> UUID:
    """The message that the turn of this one begins with: an answer and what goes on from it are one turn."""
    passed: set[UUID] = set()
    while stems[id].continues and id not in passed:
        passed.add(id)
        parent = stems[id].parent
        if parent is None or not stems[id].role == stems[parent].role == Role.ASSISTANT:
            break
        id = parent
    return id


def nearest(id: UUID | None, stems: Stems, kept: Mapping[UUID, object]) -> UUID | None:
    """This one or the first above it that is shown. A circle has no top, and ends the search."""
    passed: set[UUID] = set()
    while id is not None and id not in kept and id not in passed:
        passed.add(id)
        id = stems[id].parent if id in stems else None
    return id if id in kept else None


def is_chosen(message: Message, stems: Stems, options: Options) -> bool:
    """Not what its owner hides, with what goes on from it, and not what there is nothing to show of."""
    head = head_of(message.pk, stems)
    if stems[head].muted:
        return head in options.unmuted
    return head not in options.hidden and (options.tools or not _is_tool_traffic(message))


def _is_tool_traffic(message: Message) -> bool:
    """An answer that only calls is nothing without its calls."""
    calls_only = bool(message.tool_calls) and not message.parts
    return message.role == Role.TOOL or calls_only


def _others(there: Sequence[Message], stems: Stems) -> int:
    """The alternatives of what could be shown."""
    ids = {message.pk for message in there}
    parents = {message.parent_id for message in there}
    return sum(
        stem.parent in parents and id not in ids and not stem.deleted and not stem.continues
        for id, stem in stems.items()
    )

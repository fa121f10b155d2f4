"""Which messages of a conversation are shown, and what hangs on what among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chat.models import Conversation, Generation, Message, Role, Status
from chat.models.branch import LONG_IN_CONVERSATIONS, NOT_SHOWN, WITH_ITS_CALL, path_to

from .options import Options


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


def candidates(conversation: Conversation, *, alternatives: bool) -> list[Message]:
    """Those among which one can choose: of the shown branch, or of all of them. What still runs is none."""
    if alternatives:
        rows = Message.objects.filter(conversation=conversation, deleted_at=None)
        rows = rows.select_related("conversation", *WITH_ITS_CALL)
        found = list(rows.defer(*NOT_SHOWN, *LONG_IN_CONVERSATIONS).order_by("pk"))
    else:
        found = path_to(conversation.tip_id)
    return [message for message in found if message.status != Status.RUNNING]


def shown_of(conversation: Conversation, options: Options) -> Shown:
    there = candidates(conversation, alternatives=options.alternatives)
    rows = Message.objects.filter(conversation=conversation)
    above = dict(rows.values_list("pk", "parent_id"))
    left_out = _left_out(there, above, options)
    messages = sorted((each for each in there if each.pk not in left_out), key=lambda each: each.pk)
    kept = {message.pk for message in messages}
    living = list(rows.filter(deleted_at=None).values_list("pk", "parent_id"))
    parents = {id: nearest(above.get(id), above, kept) for id in kept}
    return Shown(
        messages,
        parents,
        nearest(conversation.tip_id, above, kept),
        hidden=len({each.pk for each in there} & options.hidden),
        others=0 if options.alternatives else _others(there, living),
    )


def nearest(id: UUID | None, above: dict[UUID, UUID | None], kept: set[UUID]) -> UUID | None:
    """This one or the first above it that is shown. A circle has no top, and ends the search."""
    passed: set[UUID] = set()
    while id is not None and id not in kept and id not in passed:
        passed.add(id)
        id = above.get(id)
    return id if id in kept else None


def _left_out(there: Sequence[Message], above: dict[UUID, UUID | None], options: Options) -> set[UUID]:
    """What its owner hides, with what goes on from it, and what there is nothing to show of."""
    heads = heads_of(there, above)
    return {
        message.pk
        for message in there
        if heads[message.pk] in options.hidden
        or message.pk in options.hidden
        or (message.muted and message.pk not in options.unmuted)
        or (not options.tools and _is_tool_traffic(message))
    }


def heads_of(messages: Sequence[Message], above: dict[UUID, UUID | None]) -> dict[UUID, UUID]:
    """Of each message, the one that its turn begins with: an answer and what goes on from it are one turn."""
    going_on = {message.pk for message in messages if message.continues}
    heads: dict[UUID, UUID] = {}
    for message in messages:
        passed, id = [message.pk], message.pk
        while id in going_on and id not in heads and (parent := above.get(id)) and parent not in passed:
            id = parent
            passed.append(id)
        heads |= dict.fromkeys(passed, heads.get(id, id))
    return heads


def _is_tool_traffic(message: Message) -> bool:
    """An answer that only calls is nothing without its calls."""
    calls_only = bool(message.tool_calls) and not message.parts
    return message.role == Role.TOOL or calls_only


def _others(there: Sequence[Message], above: Sequence[tuple[UUID, UUID | None]]) -> int:
    """The alternatives of what could be shown."""
    ids = {message.pk for message in there}
    parents = {message.parent_id for message in there}
    return sum(parent in parents and id not in ids for id, parent in above)

"""A part of a branch, as a page shows it: turns, the heads of which know what goes on from them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from chat.models import Conversation, Generation, Message
from chat.models.branch import (
    WITH_ITS_CALL,
    Step,
    ids_to,
    in_order,
    newest_leaf,
    number_alternatives,
    steps_to,
)
from chat.models.later import tell_of_later
from chat.models.turn import grouped, kept, kept_turns

# A page opens with the newest; earlier ones come as one scrolls up.
MESSAGES_ON_A_PAGE = 30
# Sixteen panes make one page.
MESSAGES_IN_A_PANE = 16


@dataclass(frozen=True, slots=True)
class Page:
    """`messages` are the heads of turns; each knows what goes on from it."""

    messages: list[Message]
    earlier: UUID | None  # the message above the first one, if there is one
    tip: UUID | None = None  # where the branch ends, if the page ends before
    at: UUID | None = None  # the message that it was opened at

    @property
    def last(self) -> Message:
        return self.messages[-1].end


def newest_page(conversation: Conversation, most: int = MESSAGES_ON_A_PAGE) -> Page:
    return page_up_to(conversation.tip_id, most)


def page_up_to(tip_id: UUID | None, most: int = MESSAGES_ON_A_PAGE) -> Page:
    heads = heads_of(kept_turns(steps_to(tip_id, most)))
    return Page(heads, heads[0].parent_id if heads else None)


def heads_of(turns: Sequence[Sequence[Step]]) -> list[Message]:
    """The first message of each turn, which knows those that go on from it. All of them know their alternatives."""
    found = {message.pk: message for message in in_order([step.id for turn in turns for step in turn])}
    number_alternatives(list(found.values()))
    tell_of_later(list(found.values()))
    heads = []
    for turn in turns:
        # What is deleted for good between two queries is not there.
        messages = [found[step.id] for step in turn if step.id in found]
        if messages:
            messages[0].spans = tuple(messages[1:])
            heads.append(messages[0])
    return heads


def turn_of(message: Message) -> Message:
    """The head of the turn in which it is shown: on the shown branch, or down to it where that is another."""
    for tip_id, most in ((message.conversation.tip_id, MESSAGES_ON_A_PAGE), (message.pk, 1)):
        for turn in kept_turns(steps_to(tip_id, most)):
            if message.pk in {step.id for step in turn}:
                return heads_of([turn])[0]
    number_alternatives([message])
    tell_of_later([message])
    return message


def opening_page(conversation: Conversation, at: Message | None, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """How it ends; or what is around this message of it, on whatever branch that stands."""
    if at is None or at.conversation_id != conversation.pk or at.deleted_at:
        return newest_page(conversation, most)
    with suppress(ValueError):
        return page_around(conversation.tip_id, at.pk, most)
    with suppress(ValueError):
        return page_around(newest_leaf(at.pk), at.pk, most)
    # It goes on from an answer that is deleted: as if it were deleted itself.
    return newest_page(conversation, most)


def page_around(tip_id: UUID | None, at: UUID, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """This message of the branch that ends with `tip_id`, and what is near. Raises ValueError if it is on another."""
    turns = kept_turns(steps_to(tip_id))
    place = next((number for number, turn in enumerate(turns) if at in {step.id for step in turn}), None)
    if place is None:
        raise ValueError("This message is on another branch.")
    first = max(0, place - most // 2)
    return _part(turns, first, first + most, turns[place][0].id)


def page_after(tip_id: UUID, last: UUID | None, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """What follows `last`, which may be deleted by now, on the branch that ends with `tip_id`; without it, how that
    branch begins. Raises ValueError if it is on another."""
    turns = grouped(steps_to(tip_id))
    ends = [number for number, turn in enumerate(turns, start=1) if last in {step.id for step in turn}]
    if last and not ends:
        raise ValueError("This message is on another branch.")
    following = turns[ends[0] if ends else 0 :]
    return _part([left for turn in following if (left := kept(turn))], 0, most)


def _part(turns: list[list[Step]], first: int, end: int, at: UUID | None = None) -> Page:
    heads = heads_of(turns[first:end])
    earlier = heads[0].parent_id if first and heads else None
    return Page(heads, earlier, turns[-1][-1].id if end < len(turns) else None, at)


def last_call(conversation: Conversation) -> Generation | None:
    """The call that made the last answer of the branch being shown."""
    ids = ids_to(conversation.tip_id, newest=MESSAGES_ON_A_PAGE)
    answers = Message.objects.filter(pk__in=ids).exclude(generation=None, copy_of=None)
    calls = {
        answer.pk: answer.call
        for answer in answers.select_related(*WITH_ITS_CALL, *(f"{call}__provider" for call in WITH_ITS_CALL))
    }
    return next((call for id in reversed(ids) if (call := calls.get(id))), None)

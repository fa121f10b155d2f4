"""Where messages stand in the tree: adding one beside another, and moving one along the branch that is shown.

What is done to a message is done on every branch through it. Each act is one transaction that holds the conversation,
so that two tabs never change the tree at once.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from chat.refusals import Refused

from .branch import Step, newest_leaf, steps_to
from .conversation import Conversation
from .copying import copied
from .message import Message, Role, text_part
from .moving_back import Moved, parents_in
from .roles import open_call
from .turn import grouped, kept

GONE = "This message is not on the branch that is shown any more. Another tab may have changed that."
RUNNING = "The model is still answering. Stop it first, or wait for the end."

Turn = Sequence[Step]


class Side(models.TextChoices):
    ABOVE = "above"
    BELOW = "below"


class Shown:
    """The branch that a conversation shows: every step of it, deleted ones too, and the turns that they make."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.steps = steps_to(conversation.tip_id)
        self.turns = grouped(self.steps)

    @property
    def seen(self) -> list[Turn]:
        """Those that a page shows."""
        return [turn for turn in self.turns if kept(turn)]

    def turn(self, message: Message) -> Turn:
        """Raises Refused if it is not there."""
        found = next((turn for turn in self.seen if message.pk in _ids(turn)), None)
        if found is None:
            raise Refused(GONE, status=409)
        return found

    def above(self, turn: Turn) -> UUID | None:
        """What this turn hangs on."""
        place = self.steps.index(turn[0])
        return self.steps[place - 1].id if place else None

    def below(self, turn: Turn) -> UUID | None:
        """What hangs on it on this branch."""
        place = self.steps.index(turn[-1]) + 1
        return self.steps[place].id if place < len(self.steps) else None

    def hanging_on(self, parent: UUID | None) -> "models.QuerySet[Message]":
        """What goes on from an answer on another branch cannot be parted from it; and another first message has nothing
        to do with this branch. What hangs on its end is an alternative of what comes there."""
        if parent == self.conversation.tip_id:
            return Message.objects.none()
        if parent is None:
            return Message.objects.filter(pk=self.steps[0].id)
        below = Message.objects.filter(conversation=self.conversation, parent_id=parent)
        return below.filter(models.Q(continues=False) | models.Q(pk__in=[step.id for step in self.steps]))


@transaction.atomic
def add(beside: Message, side: Side, role: Role, text: str) -> Message:
    """A message that nobody answers. Above: it takes the place of that one, which goes below it. Below: all that hung
    on that one hangs on it. Raises Refused."""
    shown = held(beside.conversation)
    turn = shown.turn(beside)
    if side == Side.ABOVE:
        new = _new(beside.conversation, shown.above(turn), role, text)
        Message.objects.filter(pk=turn[0].id).update(parent=new)
    else:
        new = _new(beside.conversation, turn[-1].id, role, text)
        shown.hanging_on(turn[-1].id).exclude(pk=new.pk).update(parent=new)
    beside.conversation.show(new if beside.conversation.tip_id == new.parent_id else beside.conversation.tip)
    return new


@transaction.atomic
def add_last(conversation: Conversation, parent: Message | None, role: Role, text: str) -> Message:
    """Below this message, which is the last one that a page shows, or as the first one. Raises Refused."""
    held(conversation)
    new = _new(conversation, parent.pk if parent else None, role, text)
    conversation.show(new)
    return new


@transaction.atomic
def move(message: Message, beside: Message, side: Side) -> Moved | None:
    """To another place on the branch that is shown; None if it stands there. Branches that part from this one right
    below it keep a copy of it; all others have it where they go through its new place. Raises Refused."""
    conversation = message.conversation
    shown = held(conversation)
    turn, mark = shown.turn(message), shown.turn(beside)
    target = mark[-1].id if side == Side.BELOW else shown.above(mark)
    if target in _ids(turn) or target == shown.above(turn):
        return None
    tip = conversation.tip_id
    hung, shown_before = parents_in(conversation), tip
    _lift(shown, turn)
    shown.hanging_on(target).update(parent=turn[-1].id)
    Message.objects.filter(pk=turn[0].id).update(parent=target)
    if tip in (turn[-1].id, target):
        tip = turn[-1].id if tip == target else shown.above(turn)
    conversation.show(Message.objects.filter(pk=tip).first() if tip else None)
    return Moved.since(hung, shown_before, conversation)


@transaction.atomic
def move_by(message: Message, steps: int) -> Moved | None:
    """So many places down, or up if it is negative; as far as it goes."""
    shown = held(message.conversation)
    seen = shown.seen
    place = seen.index(shown.turn(message))
    to = max(0, min(len(seen) - 1, place + steps))
    beside = Message.objects.get(pk=seen[to][0].id)
    return move(message, beside, Side.BELOW if to > place else Side.ABOVE)


@transaction.atomic
def delete(message: Message) -> None:
    """Not shown any more. Where nothing was said after it the page shows the newest of its alternatives instead."""
    conversation = message.conversation
    conversation.hold()
    turns = Shown(conversation).turns
    message.delete_for_now()
    place = next((number for number, turn in enumerate(turns) if message.pk in _ids(turn)), None)
    alone = {"parent": message.parent_id, "continues": message.continues, "deleted_at": None}
    other = Message.objects.filter(conversation=conversation, **alone).order_by("-pk").first()
    if other and place is not None and not any(kept(turn) for turn in turns[place + 1 :]):
        conversation.show(Message.objects.get(pk=newest_leaf(other.pk)))
    else:
        conversation.tell_changed()


@transaction.atomic
def bring_back(message: Message) -> None:
    """And the branch through it, if another one is shown."""
    message.conversation.hold()
    message.restore()
    if message.pk in {step.id for step in steps_to(message.conversation.tip_id)}:
        message.conversation.tell_changed()
    else:
        message.conversation.show(Message.objects.get(pk=newest_leaf(message.pk)))


def held(conversation: Conversation) -> Shown:
    """Raises Refused while anything in it is being written: that was asked as the messages stood."""
    conversation.hold()
    if conversation.generations.running().exists():
        raise Refused(RUNNING, status=409)
    return Shown(conversation)


def _ids(turn: Turn) -> list[UUID]:
    return [step.id for step in turn]


def _new(conversation: Conversation, parent: UUID | None, role: Role, text: str) -> Message:
    return Message.objects.create(
        conversation=conversation,
        parent_id=parent,
        role=role,
        parts=[text_part(text)],
        tool_call_id=open_call(conversation, parent) if role == Role.TOOL else "",
    )


def _lift(shown: Shown, turn: Turn) -> None:
    """Out of its branch: what hung on it there hangs on what was above it. Any other branch keeps a copy."""
    above, below = shown.above(turn), shown.below(turn)
    own = {*_ids(turn), *([below] if below else [])}
    others = Message.objects.filter(parent__in=_ids(turn)).exclude(pk__in=own)
    hung = dict(others.values_list("pk", "parent_id"))
    if below:
        Message.objects.filter(pk=below).update(parent=above)
    if hung:
        _leave_copy(shown.conversation, turn, above, hung)


def _leave_copy(
    conversation: Conversation, turn: Turn, above: UUID | None, hung: Mapping[UUID, UUID | None]
) -> None:
    """Of as much of the turn as other branches have. Where all of those are deleted, so is the copy."""
    ends = [newest_leaf(id) for id in hung]
    seen = Message.objects.filter(pk__in=ends, deleted_at=None).exists()
    last = max(number for number, step in enumerate(turn) if step.id in hung.values())
    rows = Message.objects.select_related("copy_of").in_bulk(_ids(turn[: last + 1]))
    for step in turn[: last + 1]:
        original = rows[step.id]
        gone = original.deleted_at or (None if seen else timezone.now())
        copy = copied(original, conversation=conversation, parent_id=above, deleted_at=gone)
        copy.save(force_insert=True)
        Message.objects.filter(pk__in=[id for id, parent in hung.items() if parent == step.id]).update(
            parent=copy
        )
        above = copy.pk

"""What a page holds of a branch, as the page itself says, and what has to change in it: whichever tab changed what.

A page says `^<what its earlier messages end with>`, then `<message>:<state>` for each that it shows, from the first to
the last, and `$` if the branch goes on below. It may show a part of a long branch, but without a gap.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from chat.models import Conversation, Message
from chat.models.branch import Step, steps_to
from chat.models.message import state_of
from chat.models.turn import grouped, kept

from .changes import Change, Inserted
from .pages import MESSAGES_ON_A_PAGE, Page, heads_of, newest_page

# A page says so of a message that is being edited in it.
LEFT_ALONE = "*"

Turns = list[list[Step]]


@dataclass(frozen=True, slots=True)
class Held:
    states: dict[UUID, str]
    above: UUID | None
    goes_on: bool


def held_by(said: str) -> Held | None:
    """None if a page says nothing, or nothing that makes sense."""
    words = said.split()
    try:
        above = UUID(words.pop(0)[1:]) if words and words[0].startswith("^") else None
        goes_on = words[-1:] == ["$"]
        pairs = [word.split(":") for word in (words[:-1] if goes_on else words)]
        return Held({UUID(id): state for id, state in pairs}, above, goes_on) if said else None
    except ValueError:
        return None


def change_in(held: Held, conversation: Conversation, renewed: Collection[UUID] = ()) -> Change:
    """`renewed` are to be drawn anew in any case."""
    window = _window(held, conversation)
    had, now = list(held.states), [turn[0].id for turn in window]
    common = set(had) & set(now)
    blocks = SequenceMatcher(None, had, now, autojunk=False).get_matching_blocks()
    stays = {now[block.b + offset] for block in blocks for offset in range(block.size)}
    new = len(now) - len(stays)
    # Where nothing is left of it, or of its end, what is around it is for the page to ask for anew.
    lost = not common if now else held.above is not None or held.goes_on
    if lost or new > MESSAGES_ON_A_PAGE or (held.goes_on and now[-1] not in stays):
        return Change([], newest_page(conversation), whole=True)
    states = _states(window)
    changed = [id for id in stays if id in renewed or held.states[id] not in (LEFT_ALONE, states[id])]
    drawn = {
        head.pk: head
        for head in heads_of([turn for turn in window if turn[0].id not in stays or turn[0].id in changed])
    }
    tail, inserted = _runs(now, stays, drawn)
    later = (conversation.tip_id, window[-1][-1].id) if held.goes_on and conversation.tip_id else None
    return Change(
        removed=[id for id in had if id not in stays],
        page=Page(tail, None),
        whole=False,
        renewed=[drawn[id] for id in now if id in changed and id in drawn],
        inserted=inserted,
        later=later,
    )


def _window(held: Held, conversation: Conversation) -> Turns:
    """Of the branch that is shown now: what the page would show of it."""
    shows_all = held.above is None or held.goes_on
    spans = sum(state.count("-") + 1 for state in held.states.values())
    turns = grouped(steps_to(conversation.tip_id, None if shows_all else spans + MESSAGES_ON_A_PAGE))
    places = [number for number, turn in enumerate(turns) if turn[0].id in held.states and kept(turn)]
    start = 0
    if held.above:
        above = [number for number, turn in enumerate(turns) if held.above in {step.id for step in turn}]
        start = above[0] + 1 if above else min(places, default=len(turns))
    end = max(places, default=-1) + 1 if held.goes_on else len(turns)
    return [left for turn in turns[start:end] if (left := kept(turn))]


def _states(window: Turns) -> dict[UUID, str]:
    ids = [step.id for turn in window for step in turn]
    rows = Message.objects.only("pk", "revision", "role", "muted", "starred").in_bulk(ids)
    return {turn[0].id: state_of([rows[step.id] for step in turn if step.id in rows]) for turn in window}


def _runs(
    now: Sequence[UUID], stays: Collection[UUID], drawn: dict[UUID, Message]
) -> tuple[list[Message], list[Inserted]]:
    """What comes at the end, and what comes before messages that stay."""
    run: list[Message] = []
    inserted = []
    for id in now:
        if id in stays:
            if run:
                inserted.append(Inserted(id, run))
            run = []
        elif id in drawn:
            run.append(drawn[id])
    return run, inserted

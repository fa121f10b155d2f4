"""What has to change in a page when the shown branch does."""

from dataclasses import dataclass, field
from uuid import UUID

from chat.models import Conversation, Message
from chat.models.branch import steps_to
from chat.models.turn import grouped, kept

from .pages import MESSAGES_ON_A_PAGE, Page, heads_of, newest_page


@dataclass(frozen=True, slots=True)
class Inserted:
    before: UUID
    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Change:
    """From what a page shows to what it is to show. `whole`: all of it is replaced.

    `renewed` are turns that stay, and that are otherwise now. `later`: where the branch ends that goes on below the
    page, and the last message that is in it.
    """

    removed: list[UUID]
    page: Page
    whole: bool
    renewed: list[Message] = field(default_factory=list)
    inserted: list[Inserted] = field(default_factory=list)
    later: tuple[UUID, UUID] | None = None

    @property
    def added(self) -> list[Message]:
        return self.page.messages


def change_from(shown: UUID | None, conversation: Conversation, *, whole: bool = False) -> Change:
    """`shown` is the last message that the page has. Its branch and the one to show are the same up to a fork."""
    was = grouped(steps_to(shown, newest=MESSAGES_ON_A_PAGE))
    before = {turn[0].id: turn for turn in was if kept(turn)}
    now = grouped(steps_to(conversation.tip_id, newest=MESSAGES_ON_A_PAGE))
    after = [turn for turn in now if kept(turn)]
    same = [number for number, turn in enumerate(after) if turn[0].id in before]
    if whole or not same:
        return Change([], newest_page(conversation), whole=True)
    fork = same[-1]
    heads = list(before)
    removed = heads[heads.index(after[fork][0].id) + 1 :] + [turn[0].id for turn in was if not kept(turn)]
    # What was dropped of a turn the page may still show: it finds out, and leaves what is as it should be.
    common = [(before[turn[0].id], turn) for turn in after[: fork + 1] if turn[0].id in before]
    renewed = heads_of([kept(turn) for then, turn in common if then != turn or kept(turn) != turn])
    added = heads_of([kept(turn) for turn in after[fork + 1 :]])
    return Change(removed, Page(added, None), whole=False, renewed=renewed)

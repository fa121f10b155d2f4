"""What a page shows of a conversation, and what has to change when the shown branch does."""

from dataclasses import dataclass
from uuid import UUID

from chat.models import Conversation, Generation, Message
from chat.models.branch import WITH_ITS_CALL, deleted_to, ids_to, in_order, number_alternatives, path_to

# A page opens with the newest; earlier ones come as one scrolls up.
MESSAGES_ON_A_PAGE = 50
# Sixteen panes make one page.
MESSAGES_IN_A_PANE = 16


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[Message]
    earlier: UUID | None  # the message above the first one, if there is one


@dataclass(frozen=True, slots=True)
class Change:
    """From what a page shows to what it is to show. `whole`: all of it is replaced."""

    removed: list[UUID]
    page: Page
    whole: bool

    @property
    def added(self) -> list[Message]:
        return self.page.messages


def newest_page(conversation: Conversation, most: int = MESSAGES_ON_A_PAGE) -> Page:
    return page_up_to(conversation.tip_id, most)


def page_up_to(tip_id: UUID | None, most: int = MESSAGES_ON_A_PAGE) -> Page:
    path = path_to(tip_id, newest=most)
    number_alternatives(path)
    return Page(path, path[0].parent_id if path else None)


def change_from(shown: UUID | None, conversation: Conversation, *, whole: bool = False) -> Change:
    """`shown` is the last message that the page has. Its branch and the one to show are the same up to a fork."""
    ids = ids_to(conversation.tip_id, newest=MESSAGES_ON_A_PAGE)
    before = ids_to(shown, newest=MESSAGES_ON_A_PAGE)
    there = set(before)
    same = [number for number, id in enumerate(ids) if id in there]
    if whole or not same:
        return Change([], newest_page(conversation), whole=True)
    fork = same[-1]
    removed = before[before.index(ids[fork]) + 1 :] + deleted_to(shown, newest=MESSAGES_ON_A_PAGE)
    added = in_order(ids[fork + 1 :])
    number_alternatives(added)
    return Change(removed, Page(added, None), whole=False)


def last_call(conversation: Conversation) -> Generation | None:
    """The call that made the last answer of the branch being shown."""
    ids = ids_to(conversation.tip_id, newest=MESSAGES_ON_A_PAGE)
    answers = Message.objects.filter(pk__in=ids).exclude(generation=None, copy_of=None)
    last_first = answers.select_related(*WITH_ITS_CALL, *(f"{call}__provider" for call in WITH_ITS_CALL))
    return next((answer.call for answer in last_first.order_by("-pk") if answer.call), None)

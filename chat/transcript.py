"""What a page shows of a conversation, and what has to change when the shown branch does."""

from dataclasses import dataclass
from uuid import UUID

from chat.models import Conversation, Generation, Message
from chat.models.branch import (
    WITH_ITS_CALL,
    deleted_to,
    ids_to,
    in_order,
    newest_leaf,
    number_alternatives,
    path_to,
)

# A page opens with the newest; earlier ones come as one scrolls up.
MESSAGES_ON_A_PAGE = 50
# Sixteen panes make one page.
MESSAGES_IN_A_PANE = 16


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[Message]
    earlier: UUID | None  # the message above the first one, if there is one
    tip: UUID | None = None  # where the branch ends, if the page ends before
    at: UUID | None = None  # the message that it was opened at

    @property
    def last(self) -> Message:
        return self.messages[-1]


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


def opening_page(conversation: Conversation, at: Message | None, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """How it ends; or what is around this message of it, on whatever branch that stands."""
    if at is None or at.conversation_id != conversation.pk or at.deleted_at:
        return newest_page(conversation, most)
    try:
        return page_around(conversation.tip_id, at.pk, most)
    except ValueError:
        return page_around(newest_leaf(at.pk), at.pk, most)


def page_around(tip_id: UUID | None, at: UUID, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """This message of the branch that ends with `tip_id`, and what is near. Raises ValueError if it is on another."""
    ids = ids_to(tip_id)
    first = max(0, ids.index(at) - most // 2)
    return _part(ids, first, first + most, at)


def page_after(tip_id: UUID, last: UUID, most: int = MESSAGES_ON_A_PAGE) -> Page:
    """What follows `last`, which may be deleted by now, on the branch that ends with `tip_id`.

    Raises ValueError if it is on another.
    """
    whole = ids_to(tip_id, deleted=True)
    following = whole[whole.index(last) + 1 :]
    kept = set(ids_to(tip_id))
    ids = [id for id in following if id in kept]
    return _part(ids, 0, most)


def _part(ids: list[UUID], first: int, end: int, at: UUID | None = None) -> Page:
    messages = in_order(ids[first:end])
    number_alternatives(messages)
    earlier = messages[0].parent_id if first and messages else None
    return Page(messages, earlier, ids[-1] if end < len(ids) else None, at)


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

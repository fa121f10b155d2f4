"""What has to change in a page when the shown branch does."""

from typing import Any

import pytest

from chat.models import Conversation
from chat.models.branch import path_to
from chat.transcript import MESSAGES_ON_A_PAGE, Change, change_from, newest_page, page_up_to

from .talking import ids, say, talk

pytestmark = pytest.mark.django_db


class Page:
    """What a browser has of a conversation, changed as a reply tells it to."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        page = newest_page(conversation)
        self.shown, self.earlier = ids(page.messages), page.earlier

    def scroll_up(self) -> None:
        page = page_up_to(self.earlier)
        self.shown, self.earlier = ids(page.messages) + self.shown, page.earlier

    def change(self, *, whole: bool = False) -> Change:
        self.conversation.refresh_from_db()
        change = change_from(self.shown[-1] if self.shown else None, self.conversation, whole=whole)
        if change.whole:
            self.shown, self.earlier = [], change.page.earlier
        self.shown = [id for id in self.shown if id not in change.removed] + ids(change.added)
        return change

    def is_right(self) -> bool:
        """It ends as the branch does, without gap or repeat."""
        branch = ids(path_to(self.conversation.tip_id))
        return self.shown == branch[len(branch) - len(self.shown) :] and bool(self.shown) == bool(branch)


def test_what_was_sent_is_added_and_nothing_is_removed(alice: Any) -> None:
    conversation, messages = talk(alice, 4)
    page = Page(conversation)
    say(conversation, say(conversation, messages[-1]))
    change = page.change()
    assert (change.removed, len(change.added), change.whole) == ([], 2, False)
    assert page.is_right()


def test_the_first_messages_are_added_to_an_empty_page(alice: Any) -> None:
    conversation, _ = talk(alice, 0)
    page = Page(conversation)
    say(conversation, say(conversation, None))
    page.change()
    assert page.is_right()


def test_nothing_changes_where_nothing_happened(alice: Any) -> None:
    conversation, _ = talk(alice, 4)
    change = Page(conversation).change()
    assert (change.removed, change.added, change.whole) == ([], [], False)


def test_an_alternative_takes_the_place_of_the_end(alice: Any) -> None:
    conversation, messages = talk(alice, 6)
    page = Page(conversation)
    other = say(conversation, messages[2])
    change = page.change()
    assert change.removed == ids(messages[3:])
    assert change.added == [other]
    assert page.is_right()


def test_another_first_message_replaces_everything(alice: Any) -> None:
    conversation, _ = talk(alice, 6)
    page = Page(conversation)
    say(conversation, None)
    page.change()
    assert page.is_right()


@pytest.mark.parametrize("length", [49, 50, 51, 60, 120])
def test_a_long_page_loses_nothing_when_something_is_sent(alice: Any, length: int) -> None:
    conversation, messages = talk(alice, length)
    page = Page(conversation)
    before = page.shown
    say(conversation, say(conversation, messages[-1]))
    change = page.change()
    assert change.removed == []
    assert page.shown[: len(before)] == before
    assert page.is_right()


@pytest.mark.parametrize("fork", [5, 40, 55, 65, 99])
def test_an_alternative_far_up_in_a_long_page_doubles_nothing(alice: Any, fork: int) -> None:
    conversation, messages = talk(alice, 100)
    page = Page(conversation)
    page.scroll_up()
    say(conversation, messages[fork])
    page.change()
    assert page.is_right()


def test_many_messages_of_another_tab_leave_no_gap(alice: Any) -> None:
    conversation, messages = talk(alice, 10)
    page = Page(conversation)
    last = messages[-1]
    for _ in range(MESSAGES_ON_A_PAGE + 20):
        last = say(conversation, last)
    page.change()
    assert page.is_right()


def test_a_deleted_last_message_leaves_the_page(alice: Any) -> None:
    conversation, messages = talk(alice, 4)
    page = Page(conversation)
    messages[-1].delete_for_now()
    conversation.show(messages[-1])
    page.change()
    assert page.is_right()


def test_a_deleted_message_in_the_middle_leaves_the_page(alice: Any) -> None:
    conversation, messages = talk(alice, 4)
    page = Page(conversation)
    messages[1].delete_for_now()
    conversation.show(messages[-1])
    page.change()
    assert page.is_right()


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_message_brought_back_stands_in_its_place_again(alice: Any, place: int) -> None:
    conversation, messages = talk(alice, 4)
    messages[place].delete_for_now()
    page = Page(conversation)
    messages[place].restore()
    conversation.show(messages[-1])
    page.change(whole=True)
    assert page.is_right()


def test_the_only_message_deleted_leaves_an_empty_page(alice: Any) -> None:
    conversation, [only] = talk(alice, 1)
    page = Page(conversation)
    only.delete_for_now()
    page.change()
    assert page.shown == []

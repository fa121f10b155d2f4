"""A conversation at one of its messages: `?at=`, and what follows below it."""

from typing import Any

import pytest
from django.test import Client

from chat.comparisons.panes import compare
from chat.models import Conversation, Message
from chat.models.copying import copy_settings

from .asking import changes_in

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, parent: Message | None, text: str = "") -> Message:
    parts = [{"type": "text", "text": text}]
    return Message.objects.create(conversation=conversation, parent=parent, role="user", parts=parts)


@pytest.fixture
def messages(conversation: Conversation) -> list[Message]:
    said: list[Message] = []
    for number in range(120):
        said.append(say(conversation, said[-1] if said else None, f"number {number}"))
    conversation.show(said[-1])
    return said


@pytest.fixture
def owner(conversation: Conversation, as_user: Any) -> Client:
    client: Client = as_user(conversation.owner)
    return client


def path(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/"


def test_a_page_opens_at_the_message_that_its_address_names(
    conversation: Conversation, messages: list[Message], owner: Client
) -> None:
    page = owner.get(path(conversation), {"at": messages[60].pk})
    assert changes_in(page).added == [message.pk for message in messages[45:75]]
    assert f'data-at="{messages[60].pk}"' in page.content.decode()
    # Nothing that the server keeps is another than before.
    conversation.refresh_from_db()
    assert conversation.tip == messages[-1]


def test_what_follows_is_asked_for_on_the_branch_that_is_shown(
    conversation: Conversation, messages: list[Message], owner: Client
) -> None:
    page = owner.get(path(conversation), {"at": messages[60].pk})
    below = f"/messages/{messages[-1].pk}/later/?after={messages[74].pk}"
    assert f'hx-get="{below}"' in page.content.decode()
    assert changes_in(owner.get(below)).added == [message.pk for message in messages[75:105]]


def test_the_end_takes_the_place_of_what_the_page_shows(
    conversation: Conversation, messages: list[Message], owner: Client
) -> None:
    page = owner.get(f"/c/{conversation.pk}/changes/", {"shown": messages[60].pk, "whole": "1"})
    assert changes_in(page).added == [message.pk for message in messages[90:]]


@pytest.mark.parametrize("at", ["x", "0", "'", "\0", "9" * 5000, "01a1fbd3-e8c4-7642-ba49-f1ea415f5110"])
def test_what_is_no_message_is_not_found(
    conversation: Conversation, messages: list[Message], owner: Client, at: str
) -> None:
    assert owner.get(path(conversation), {"at": at}).status_code == 404
    assert owner.get(f"/messages/{messages[-1].pk}/later/", {"after": at}).status_code == 404


def test_nobody_else_finds_it(
    conversation: Conversation, messages: list[Message], bob: Any, as_user: Any
) -> None:
    stranger = as_user(bob)
    own = Conversation.objects.create(owner=bob)
    assert stranger.get(path(own), {"at": messages[60].pk}).status_code == 404
    assert stranger.get(f"/messages/{messages[-1].pk}/later/").status_code == 404
    mine = say(own, None)
    assert stranger.get(f"/messages/{mine.pk}/later/", {"after": messages[60].pk}).status_code == 404


def test_a_pane_opens_at_the_message_and_the_others_at_their_end(
    conversation: Conversation, messages: list[Message], owner: Client
) -> None:
    comparison = compare(conversation.owner, [conversation, copy_settings(conversation)])
    other = comparison.shown_panes()[1].conversation
    last = say(other, None)
    other.show(last)
    page = owner.get(f"/compare/{comparison.pk}/", {"at": messages[60].pk})
    assert changes_in(page).added == [message.pk for message in [*messages[52:68], last]]

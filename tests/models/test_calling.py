"""Which messages are muted together: a call of a tool, and what answers it, on every branch."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from chat.models import Conversation, Message, Role
from chat.models.calling import mute, together
from chat.models.message import text_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return Conversation.objects.create(owner=alice)


def say(parent: Message | None, role: str, text: str, conversation: Conversation, **fields: Any) -> Message:
    return Message.objects.create(
        conversation=conversation, parent=parent, role=role, parts=[text_part(text)], **fields
    )


def call(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "type": "function", "function": {"name": "look", "arguments": "{}"}} for id in ids]


class Talk:
    """A question, an answer that calls two tools, their answers, and what the model says to that."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.ask = self.say(None, Role.USER, "ask")
        self.calling = self.say(self.ask, Role.ASSISTANT, "", tool_calls=call("a", "b"))
        self.first = self.say(self.calling, Role.TOOL, "first", tool_call_id="a")
        self.second = self.say(self.first, Role.TOOL, "second", tool_call_id="b")
        self.end = self.say(self.second, Role.ASSISTANT, "end")
        self.traffic = {self.calling.pk, self.first.pk, self.second.pk}

    def say(self, parent: Message | None, role: str, text: str, **fields: Any) -> Message:
        return say(parent, role, text, self.conversation, **fields)


@pytest.fixture
def talk(conversation: Conversation) -> Talk:
    return Talk(conversation)


def muted(talk: Talk) -> set[Any]:
    return set(talk.conversation.messages.filter(muted=True).values_list("pk", flat=True))


def test_a_call_takes_its_answers_along_and_brings_them_back(talk: Talk) -> None:
    assert mute(talk.calling, True) == 2
    assert muted(talk) == talk.traffic
    assert mute(talk.calling, False) == 2
    assert muted(talk) == set()


def test_an_answer_takes_its_call_along_and_the_other_answers(talk: Talk) -> None:
    mute(talk.second, True)
    assert muted(talk) == talk.traffic
    mute(talk.first, False)
    assert muted(talk) == set()


def test_what_calls_no_tool_is_muted_alone(talk: Talk) -> None:
    for message in (talk.ask, talk.end):
        assert mute(message, True) == 0
    assert muted(talk) == {talk.ask.pk, talk.end.pk}


def test_answers_on_other_branches_go_along(talk: Talk) -> None:
    other = talk.say(talk.calling, Role.TOOL, "other", tool_call_id="a")
    below = talk.say(other, Role.TOOL, "below", tool_call_id="b")
    assert together(talk.calling) == talk.traffic | {other.pk, below.pk}
    assert together(below) == talk.traffic | {other.pk, below.pk}


def test_another_call_of_the_same_id_has_answers_of_its_own(talk: Talk) -> None:
    """Some providers count from 0 in each answer."""
    again = talk.say(talk.end, Role.ASSISTANT, "", tool_calls=call("a"))
    answer = talk.say(again, Role.TOOL, "again", tool_call_id="a")
    assert together(talk.calling) == talk.traffic
    assert together(answer) == {again.pk, answer.pk}


def test_what_was_deleted_between_them_parts_nothing(talk: Talk) -> None:
    gone = talk.say(talk.calling, Role.ASSISTANT, "", tool_calls=call("x"))
    late = talk.say(gone, Role.TOOL, "late", tool_call_id="a")
    gone.delete_for_now()
    assert together(talk.calling) == talk.traffic | {late.pk}
    assert together(late) == talk.traffic | {late.pk}


def test_deleted_answers_are_muted_and_not_counted(talk: Talk) -> None:
    talk.first.delete_for_now()
    assert mute(talk.calling, True) == 1
    assert muted(talk) == talk.traffic


def test_an_answer_without_its_call_is_muted_alone(talk: Talk) -> None:
    talk.calling.delete_for_now()
    assert together(talk.first) == {talk.first.pk}


def test_where_the_end_of_a_turn_calls_the_whole_turn_goes_with_the_answers(talk: Talk) -> None:
    head = talk.say(talk.ask, Role.ASSISTANT, "Let me")
    span = talk.say(head, Role.ASSISTANT, " look", continues=True, tool_calls=call("c"))
    answer = talk.say(span, Role.TOOL, "42", tool_call_id="c")
    assert together(head) == {head.pk, answer.pk}
    assert together(answer) == {head.pk, answer.pk}

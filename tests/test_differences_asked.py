"""Two answers beside one another: what was asked for them."""

from typing import Any

import pytest

from chat.diff.requests import MOST_MESSAGES
from chat.differences import between
from chat.models import Conversation, Generation, Message, Provider
from chat.models.copying import copy_settings, copy_words
from tests.differing import alternatives, answered, body, shown

pytestmark = pytest.mark.django_db

# What was asked


def test_the_same_request_twice_is_the_same(conversation: Conversation) -> None:
    assert shown(answered(conversation), answered(conversation))["requests"].are_same


def test_where_it_was_sent_is_a_difference(conversation: Conversation) -> None:
    here = answered(conversation, provider_name="One", url="https://one.test/v1/chat/completions")
    there = answered(conversation, provider_name="Two", url="https://two.test/v1/chat/completions")
    requests = shown(here, there)["requests"]
    assert [(value.path, value.a, value.b) for value in requests.values] == [
        ("provider", "One", "Two"),
        ("address", "https://one.test/v1/chat/completions", "https://two.test/v1/chat/completions"),
    ]
    assert not requests.are_same


def test_values_and_messages_that_differ(conversation: Conversation) -> None:
    here = answered(conversation, request=body(question="Why is it so?", temperature=0.7))
    there = answered(conversation, request=body(question="Why is it not so?"))
    requests = shown(here, there)["requests"]
    assert [(value.path, value.a, value.b) for value in requests.values] == [("temperature", "0.7", None)]
    [(message, words)] = requests.messages
    assert message.role == "user"
    assert (words.words_only_in_a, words.words_only_in_b) == (0, 1)


def test_a_copied_answer_has_the_request_of_the_first_one(conversation: Conversation) -> None:
    first = answered(conversation, request=body(temperature=0.7))
    copy = copy_settings(conversation)
    copy.save()
    copy_words(conversation.tip_id, copy)
    assert copy.tip
    requests = shown(first, copy.tip)["requests"]
    assert requests.are_same
    assert "temperature" in requests.difference.same


@pytest.mark.parametrize("gone", ["call", "provider"])
def test_what_is_gone_is_no_obstacle(conversation: Conversation, provider: Provider, gone: str) -> None:
    first, second = answered(conversation), answered(conversation)
    if gone == "call":
        Generation.objects.filter(pk=second.generation_id).delete()
    else:
        provider.delete()
    assert (shown(first, second)["requests"] is None) == (gone == "call")


def test_many_messages_share_the_steps_of_one(conversation: Conversation) -> None:
    def talk(letter: str) -> dict[str, Any]:
        words = " ".join(f"{letter}{number}" for number in range(400))
        return {"messages": [{"role": "user", "content": f"{n} {words}"} for n in range(80)]}

    found = shown(answered(conversation, request=talk("a")), answered(conversation, request=talk("b")))
    messages = found["requests"].messages
    assert len(messages) == MOST_MESSAGES
    assert all(words.by_line for _, words in messages)


def test_an_answer_that_was_continued_is_compared_whole(alice: Any, conversation: Conversation) -> None:
    a, b = alternatives(conversation, "One", "Two")
    goes_on = Message.objects.create(
        conversation=conversation,
        parent=a,
        role="assistant",
        continues=True,
        parts=[{"type": "text", "text": " more"}],
    )
    for first in (a, goes_on):
        found = between(alice, first, b)
        assert found["text"].a == "One more"
        assert any("A was continued" in note for note in found["notes"])
        assert not any("B was continued" in note for note in found["notes"])

"""Pages of turns: none begins or ends within one, and each is shown once, whatever was gone on with."""

import random
from typing import Any

import pytest

from chat.models import Conversation, Message
from chat.models.branch import turns_to
from chat.models.message import text_part
from chat.transcript import newest_page, page_after, page_around, page_up_to, turn_of
from chat.transcript.continuations import can_go_on, continuations_of

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, text: str, role: str = "assistant", **fields: Any) -> Message:
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role=role, parts=[text_part(text)], **fields
    )
    conversation.show(message)
    return message


@pytest.fixture
def chat(alice: Any) -> Conversation:
    return Conversation.objects.create(owner=alice)


def talk(conversation: Conversation, dice: random.Random, turns: int) -> list[str]:
    """Questions and answers of one to five spans; the text of each turn."""
    texts = []
    for number in range(turns):
        texts.append(f"{number}")
        say(conversation, texts[-1], "user")
        spans = [f" {number}.{span}\n" for span in range(dice.randrange(1, 6))]
        for place, text in enumerate(spans):
            say(conversation, text, continues=place > 0)
        texts.append("".join(spans))
    return texts


@pytest.mark.parametrize("seed", range(8))
def test_pages_never_begin_within_a_turn(chat: Conversation, seed: int) -> None:
    dice = random.Random(seed)
    texts = talk(chat, dice, 12)
    most = dice.randrange(1, 9)
    page = page_up_to(chat.tip_id, most)
    shown = page.messages
    while page.earlier:
        page = page_up_to(page.earlier, most)
        shown = page.messages + shown
    assert [head.whole_text for head in shown] == texts
    assert not any(head.continues for head in shown)
    assert texts_sent(chat) == texts


def texts_sent(conversation: Conversation) -> list[str]:
    assert conversation.tip_id
    return ["".join(part["text"] for part in turn.parts) for turn in turns_to(conversation.tip_id)]


@pytest.mark.parametrize("seed", range(8))
def test_pages_around_a_place_and_after_it_are_whole_turns(chat: Conversation, seed: int) -> None:
    dice = random.Random(seed)
    texts = talk(chat, dice, 12)
    every = [span for head in page_up_to(chat.tip_id, 1000).messages for span in head.turn]
    at = dice.choice(every)
    page = page_around(chat.tip_id, at.pk, 6)
    shown = page.messages
    assert at.pk in {span.pk for head in shown for span in head.turn}
    first = texts.index(shown[0].whole_text)
    assert (page.earlier is None) == (first == 0)
    while page.tip:
        page = page_after(page.tip, page.last.pk, 5)
        shown = shown + page.messages
    assert [head.whole_text for head in shown] == texts[first:]


def test_a_span_is_shown_in_the_turn_that_is_shown(chat: Conversation) -> None:
    say(chat, "?", "user")
    head = say(chat, "One")
    two = say(chat, " two", continues=True)
    three = say(chat, " three", continues=True)
    for message in (head, two, three):
        assert turn_of(message).whole_text == "One two three"
    chat.show(head)
    other = say(chat, " four", continues=True)
    assert turn_of(Message.objects.get(pk=head.pk)).whole_text == "One four"
    # On a branch that is not shown: down to it.
    assert turn_of(Message.objects.get(pk=two.pk)).whole_text == "One two"
    assert turn_of(Message.objects.get(pk=other.pk)).end == other


def test_only_an_ended_answer_with_text_can_be_gone_on_with(chat: Conversation) -> None:
    question = say(chat, "?", "user")
    empty = say(chat, " ")
    answer = say(chat, "One")
    assert [can_go_on(message) for message in (question, empty, answer)] == [False, False, True]
    answer.muted = True
    assert not can_go_on(answer)


def test_a_span_that_began_again_is_known_by_all_that_stands_before_it(chat: Conversation) -> None:
    say(chat, "?", "user")
    say(chat, "Once upon ")
    say(chat, "a time", continues=True)
    say(chat, "Once upon a time, again", continues=True)
    head = newest_page(chat).messages[-1]
    assert [(each.number, each.began_again) for each in continuations_of(head)] == [(1, False), (2, True)]

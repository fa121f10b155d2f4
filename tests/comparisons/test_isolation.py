"""Whether a pane was told only what was said in it: no false alarm whatever became of its thread."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chat.comparisons.figures import heard, last_answers
from chat.comparisons.panes import compare, compare_chat, copy_pane
from chat.generation.begin import messages_to_send
from chat.models import Comparison, Conversation, Generation, Message, Pane, Role

from .answering import ask, say

pytestmark = pytest.mark.django_db

Turn = tuple[str, str]


def answer(
    conversation: Conversation,
    text: str,
    leaked: Sequence[Turn] = (),
    *,
    continues: bool = False,
    **fields: Any,
) -> Message:
    """To what was said so far, with these turns of somewhere else before it."""
    assert conversation.tip
    said = messages_to_send(conversation, conversation.tip)
    request = {"messages": [*({"role": role, "content": words} for role, words in leaked), *said]}
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="finished",
        **{"request": request, **fields},
    )  # fmt: skip
    return say(conversation, text, Role.ASSISTANT, generation=call, continues=continues)


def told(comparison: Comparison) -> list[tuple[int, int]]:
    """Of each pane that has an answer: how many messages it was given, and how many of them are strange."""
    panes = Comparison.objects.get(pk=comparison.pk).shown_panes()
    return [(each.messages, each.strange) for each in heard(panes, last_answers(panes)).values()]


@pytest.fixture
def comparison(alice: Any) -> Comparison:
    return compare(alice, [Conversation(owner=alice) for _ in range(2)])


@pytest.fixture
def first(comparison: Comparison) -> Conversation:
    return comparison.shown_panes()[0].conversation


# No false alarm


def test_a_copy_of_a_chat_in_which_something_was_deleted_has_its_own_words(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice)
    gone = [say(chat, "q1"), answer(chat, "a1")]
    say(chat, "q2")
    answer(chat, "a2")
    for message in gone:
        message.delete_for_now()
    comparison = compare_chat(chat)
    assert told(comparison) == [(3, 0), (3, 0)]
    copy_pane(comparison.shown_panes()[1])
    assert told(comparison) == [(3, 0)] * 3


def test_a_repeat_of_a_copied_answer_has_them_too(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice)
    gone = say(chat, "never mind")
    question = say(chat, "q")
    original = answer(chat, "a").generation
    assert original
    gone.delete_for_now()
    comparison = compare_chat(chat)
    copy = comparison.shown_panes()[1].conversation
    assert copy.tip
    assert copy.tip.parent
    assert copy.tip.parent.text == question.text
    copy.show(copy.tip.parent)
    answer(copy, "again", request=original.request, replay_of=original)
    assert told(comparison) == [(2, 0), (2, 0)]


def test_what_was_edited_again_after_it_was_sent_is_its_own(
    comparison: Comparison, first: Conversation
) -> None:
    question, said = say(first, "q1"), answer(first, "first")
    for text in ("second", "third"):
        for edited in (question, said):
            edited.rewrite(f"{edited.role} {text}")
        if text == "second":
            say(first, "q2")
            answer(first, "done")
    assert told(comparison) == [(3, 0)]


def test_so_it_is_in_a_copy(comparison: Comparison, first: Conversation) -> None:
    say(first, "q1")
    said = answer(first, "first")
    said.rewrite("second")
    say(first, "q2")
    answer(first, "done")
    said.rewrite("third")
    copy_pane(comparison.shown_panes()[0])
    assert told(comparison) == [(3, 0), (3, 0)]


# Every true one


def edited_again(message: Message) -> None:
    message.rewrite("second")
    message.rewrite("third")


def edited_before_it_was_sent(conversation: Conversation) -> list[Message]:
    """What was sent is what stands there, so nothing is missing."""
    edited = [say(conversation, "q1"), answer(conversation, "a1")]
    for message in edited:
        edited_again(message)
    return edited


def edited_on_another_branch(conversation: Conversation) -> list[Message]:
    edited = [say(conversation, "q1"), answer(conversation, "a1")]
    for message in edited:
        edited_again(message)
    conversation.show(None)
    return edited


def edited_in_another_role(conversation: Conversation) -> list[Message]:
    said = [say(conversation, "q1"), answer(conversation, "a1")]
    said[1].rewrite("second")
    return said[1:]


@pytest.mark.parametrize(
    "story", [edited_before_it_was_sent, edited_on_another_branch, edited_in_another_role]
)
def test_a_message_of_somewhere_else_is_found_beside_what_was_edited(
    comparison: Comparison, first: Conversation, story: Callable[[Conversation], list[Message]]
) -> None:
    edited = story(first)
    say(first, "q2")
    answer(first, "done", [(Role.USER, "of another pane")])
    if story is edited_in_another_role:
        edited[0].rewrite("third")
    [(_, strange)] = told(comparison)
    assert strange == 1


def test_only_as_many_as_were_edited_are_let_pass(comparison: Comparison, first: Conversation) -> None:
    question = say(first, "q1")
    question.rewrite("second")
    answer(first, "done", [(Role.USER, "of another pane"), (Role.ASSISTANT, "its answer")])
    question.rewrite("third")
    assert told(comparison) == [(3, 2)]


def test_what_the_original_said_since_is_not_the_copys(comparison: Comparison, first: Conversation) -> None:
    """A copied answer may hold words of its origin. What the copy is asked from then on may not."""
    say(first, "q1")
    answer(first, "a1")
    second = copy_pane(comparison.shown_panes()[0]).conversation
    say(first, "the secret")
    answer(first, "a2")
    say(second, "q2")
    answer(second, "a2", [(Role.USER, "the secret")])
    assert told(comparison) == [(3, 0), (4, 1)]


def test_a_turn_that_was_gone_on_with_is_its_own(comparison: Comparison) -> None:
    conversation = comparison.shown_panes()[0].conversation
    say(conversation, "Count")
    answer(conversation, "One ")
    dropped = answer(conversation, " two", continues=True)
    dropped_call = dropped.generation
    assert dropped_call
    assert len(dropped_call.request["messages"]) == 2
    answer(conversation, " three", continues=True)
    assert told(comparison) == [(2, 0)]
    dropped.delete_for_now()
    assert told(comparison) == [(2, 0)]
    say(conversation, "More")
    answer(conversation, "Four")
    assert told(comparison) == [(3, 0)]


# Whatever a request looks like


def test_a_request_that_held_words_of_another_pane_is_told(panes: list[Pane]) -> None:
    first, second, _ = panes
    ask(first.conversation, "mine", "a")
    ask(second.conversation, "yours", "b", sent=["mine", "yours"])
    assert told(first.comparison) == [(1, 0), (2, 1)]


def test_what_was_edited_since_and_what_only_called_tools_is_its_own(panes: list[Pane]) -> None:
    conversation = panes[0].conversation
    first = ask(conversation, "as it was", "a")
    assert first.parent
    first.parent.rewrite("as it is")
    calls = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    Message.objects.filter(pk=first.pk).update(parts=[], tool_calls=calls)
    second = ask(conversation, "q", "a")
    request = {
        "messages": [
            {"role": "system", "content": "Whatever is set."},
            {"role": "user", "content": "as it was"},
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "user", "content": [{"type": "text", "text": "q"}]},
        ]
    }
    Generation.objects.filter(pk=second.generation_id).update(request=request)
    assert told(panes[0].comparison) == [(3, 0)]


def test_of_what_waits_for_its_turn_and_was_never_sent_nothing_is_said(panes: list[Pane]) -> None:
    waiting = ask(panes[0].conversation, "q", "")
    Generation.objects.filter(pk=waiting.generation_id).update(timings={"queued": 0.0})
    assert told(panes[0].comparison) == []

"""Two answers beside one another: who they are, who could stand in their place, and what is said of them."""

from typing import Any

import pytest

from chat.models import Comparison, Conversation, Message, Pane, Role
from chat.models.copying import copy_settings, copy_words
from chat.models.message import text_part
from chat.refusals import Refused
from tests.differing import alternatives, answered, asked, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def panes(conversation: Conversation) -> list[Pane]:
    """Three, of different models."""
    comparison = Comparison.objects.create(owner=conversation.owner, title="Both")
    found = []
    for position, model in enumerate(("small", "large", "huge")):
        copy = copy_settings(conversation, model=model, listed=False)
        copy.save()
        found.append(Pane.objects.create(comparison=comparison, conversation=copy, position=position))
    return found


def choices(side: Any) -> list[str]:
    return [name for _, name in side.choices]


# Who they are


def test_alternatives_are_told_apart_by_their_number(conversation: Conversation) -> None:
    first, _, third = alternatives(conversation, "one", "two", "three")
    found = shown(first, third)
    assert (found["a"].name, found["b"].name) == (
        "Alternative 1 of 3 · scripted",
        "Alternative 3 of 3 · scripted",
    )
    assert (
        choices(found["a"]) == choices(found["b"]) == [f"Alternative {n} of 3 · scripted" for n in (1, 2, 3)]
    )
    assert found["comparison"] is None


def test_a_deleted_alternative_is_none(conversation: Conversation) -> None:
    first, second, third = alternatives(conversation, "one", "two", "three")
    second.delete_for_now()
    assert choices(shown(first, third)["a"]) == [
        "Alternative 1 of 2 · scripted",
        "Alternative 2 of 2 · scripted",
    ]


def test_panes_offer_their_last_answers(panes: list[Pane]) -> None:
    question = asked(panes[0].conversation)
    answers = [
        answered(panes[0].conversation, "old", below=question),
        answered(panes[0].conversation, below=question),
    ]
    second, third = (answered(pane.conversation) for pane in panes[1:])
    found = shown(answers[1], second)
    assert choices(found["a"]) == [
        "Pane 1, alternative 1 of 2 · small", "Pane 1, alternative 2 of 2 · small", "Pane 2 · large", "Pane 3 · huge",
    ]  # fmt: skip
    assert [id for id, _ in found["b"].choices] == [second.pk, answers[1].pk, third.pk]
    assert found["b"].name == "Pane 2 · large"
    assert found["comparison"] == panes[0].comparison_id


def test_a_removed_pane_and_one_without_an_answer_offer_nothing(panes: list[Pane]) -> None:
    first, _ = (answered(pane.conversation) for pane in panes[:2])
    asked(panes[2].conversation)
    assert len(shown(first, first)["a"].choices) == 2
    panes[1].remove()
    assert choices(shown(first, first)["a"]) == ["Pane 1 · small"]


def test_of_several_comparisons_the_one_that_both_are_in_counts(
    panes: list[Pane], conversation: Conversation
) -> None:
    first, second = (answered(pane.conversation) for pane in panes[:2])
    newer = Comparison.objects.create(owner=conversation.owner)
    for position, pane in enumerate((panes[2], panes[0])):
        Pane.objects.create(comparison=newer, conversation=pane.conversation, position=position)
    assert shown(first, second)["a"].name == "Pane 1 · small"
    assert shown(first, first)["a"].name == "Pane 2 · small"


def test_answers_of_different_chats_are_told_apart_by_their_titles(conversation: Conversation) -> None:
    other = copy_settings(conversation)
    other.title = "Another talk"
    other.save()
    found = shown(answered(conversation), answered(other))
    assert found["a"].name == "In “A talk” · scripted"
    assert found["b"].name == "In “Another talk” · scripted"


def test_user_messages_can_be_compared_too(conversation: Conversation) -> None:
    first, second = asked(conversation, "one"), asked(conversation, "two")
    found = shown(first, second)
    assert found["a"].name == "Alternative 1 of 2"
    assert found["requests"] is None
    assert found["figures"] == []


def test_two_of_one_conversation_are_told_apart_by_where_they_stand(conversation: Conversation) -> None:
    question = asked(conversation, "one")
    first = answered(conversation, below=question)
    answered(conversation, below=question)
    second = Message.objects.create(
        conversation=conversation, parent=first, role=Role.USER, parts=[text_part("two")]
    )
    third = answered(conversation, below=second)
    assert [side.name for side in shown(question, second)["sides"]] == ["User message 1", "User message 3"]
    assert [side.name for side in shown(first, third)["sides"]] == [
        "Assistant message 2, alternative 1 of 2 · scripted", "Assistant message 4 · scripted",
    ]  # fmt: skip


# Blind


def test_what_is_blind_is_refused(panes: list[Pane]) -> None:
    first, second = (answered(pane.conversation) for pane in panes[:2])
    Conversation.objects.filter(pk=second.conversation_id).update(blind=True)
    for pair in ((first, second), (second, first), (second, second)):
        with pytest.raises(Refused, match="blind round"):
            shown(*pair)
    assert choices(shown(first, first)["a"]) == ["Pane 1 · small"]


def test_a_copy_of_what_is_blind_is_refused(conversation: Conversation) -> None:
    answered(conversation)
    copy = copy_settings(conversation)
    copy.save()
    copy_words(conversation.tip_id, copy)
    Conversation.objects.filter(pk=conversation.pk).update(blind=True)
    assert copy.tip
    with pytest.raises(Refused):
        shown(copy.tip, copy.tip)


# What is said


def test_reasoning_and_calls_are_there_if_one_has_them(conversation: Conversation) -> None:
    calls = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}]
    plain, thoughtful = answered(conversation), answered(conversation, reasoning="Hm.", tool_calls=calls)
    beside = dict(shown(plain, thoughtful)["beside"])
    assert (beside["Reasoning"].a, beside["Reasoning"].b) == ("", "Hm.")
    assert beside["Tool calls"].b == 'f({"x": 1})'
    assert shown(plain, plain)["beside"] == []


def test_the_ids_of_calls_are_no_difference(conversation: Conversation) -> None:
    def calling(id: str) -> Message:
        calls = [{"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}]
        return answered(conversation, tool_calls=calls)

    [(_, calls)] = shown(calling("1"), calling("2"))["beside"]
    assert calls.is_same


def test_what_one_should_know_is_noted(conversation: Conversation) -> None:
    running = answered(conversation, status="running")
    edited = answered(conversation)
    edited.rewrite("Mine.")
    image = answered(conversation)
    image.parts.append({"type": "image_url", "image_url": {"url": "data:"}})
    image.save()
    assert shown(running, edited)["notes"] == [
        "A is still being written: this is what there is so far.",
        "B was edited by hand after it was written.",
    ]
    assert shown(image, image)["notes"][:2] == [
        "Both sides are one and the same message.",
        "A holds more than text, which is not compared.",
    ]


def test_figures_stand_in_pairs_and_the_best_is_marked(conversation: Conversation) -> None:
    quick = answered(conversation, timings={"first_token": 100, "ended": 900}, cost=0.002)
    slow = answered(conversation, timings={"first_token": 400, "ended": 1900}, cost=0.001)
    pairs = {one.label: (one, other) for one, other in shown(quick, slow)["figures"]}
    assert [figure.text for figure in pairs["First token"]] == ["100 ms", "400 ms"]
    assert [figure.best for figure in pairs["First token"]] == [True, False]
    assert [figure.best for figure in pairs["Cost"]] == [False, True]
    assert [figure.text for figure in pairs["Finish"]] == ["stop", "stop"]
    assert not any(figure.best for pair in shown(quick, quick)["figures"] for figure in pair)

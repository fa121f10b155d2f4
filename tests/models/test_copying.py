"""Copies of conversations: the same settings, the same words, and not one thing in common."""

from typing import Any

import pytest

from chat.facts import facts_of
from chat.models import Charge, Conversation, Exchange, Generation, Message, Prompt, Provider, Role
from chat.models.branch import path_to, turns_to
from chat.models.branching import Scope, branch_off
from chat.models.copying import COPIED, copy_settings, copy_words, hand_down
from chat.models.identifiers import new_id
from chat.models.message import text_part

pytestmark = pytest.mark.django_db

Turn = tuple[str, str]


def say(conversation: Conversation, text: str, role: Role = Role.USER, **fields: Any) -> Message:
    """One more message at the end of what is shown."""
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role=role, parts=[text_part(text)], **fields
    )
    conversation.show(message)
    return message


def answer(conversation: Conversation, text: str, status: str = "finished", **fields: Any) -> Message:
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="scripted", status=status
    )
    return say(conversation, text, Role.ASSISTANT, generation=call, **fields)


def talk(conversation: Conversation, *texts: str) -> list[Message]:
    """Question, answer, question, answer."""
    return [(answer if number % 2 else say)(conversation, text) for number, text in enumerate(texts)]


def copy_of(conversation: Conversation) -> Conversation:
    copy = copy_settings(conversation)
    copy.save()
    copy_words(conversation.tip_id, copy)
    return copy


def said_in(conversation: Conversation) -> list[Message]:
    return path_to(Conversation.objects.get(pk=conversation.pk).tip_id)


def turns(conversation: Conversation) -> list[Turn]:
    return [(message.role, message.text) for message in said_in(conversation)]


# Settings


def test_a_copy_is_set_as_the_original_and_nothing_was_said_in_it(conversation: Conversation) -> None:
    version = Prompt.objects.create(owner=conversation.owner, name="P").save_version("Hi {{name}}", [])
    conversation.use_prompt(version)
    conversation.variables, conversation.budget = {"name": "Ada"}, 2.5
    conversation.settings = {"temperature": 0.3, "stop": ["END"]}
    conversation.save()
    talk(conversation, "q", "a")
    copy = copy_settings(conversation)
    assert not copy.stored
    assert {name: getattr(copy, name) for name in COPIED} == {
        name: getattr(conversation, name) for name in COPIED
    }
    assert (copy.owner, copy.title, copy.tip) == (conversation.owner, conversation.title, None)
    assert copy.pk != conversation.pk


def test_what_is_to_be_different_is_said(conversation: Conversation, provider: Provider) -> None:
    copy = copy_settings(conversation, model="other", blind=True)
    assert (copy.model, copy.blind, copy.provider) == ("other", True, provider)


def test_a_copy_is_neither_pinned_nor_blind_because_the_original_is(conversation: Conversation) -> None:
    conversation.pinned = conversation.blind = True
    copy = copy_settings(conversation)
    assert (copy.pinned, copy.blind) == (False, False)


def test_settings_are_not_shared_by_reference(conversation: Conversation) -> None:
    conversation.settings, conversation.variables = {"stop": ["END"]}, {"name": "Ada"}
    copy = copy_settings(conversation)
    conversation.settings["stop"].append("MORE")
    conversation.settings["seed"] = 1
    conversation.variables["name"] = "Eve"
    assert (copy.settings, copy.variables) == ({"stop": ["END"]}, {"name": "Ada"})


# Words


def test_the_branch_that_is_shown_is_copied_to_the_letter(conversation: Conversation) -> None:
    calls = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    say(conversation, "  Hi\u2028 <b>\r</b> 😀 ")
    answer(
        conversation,
        "",
        reasoning="Well…",
        tool_calls=calls,
        finish_reason="tool_calls",
        original=[text_part("x")],
    )
    say(conversation, "42", Role.TOOL, tool_call_id="1")
    copy = copy_of(conversation)
    assert turns_to(copy.tip_id) == turns_to(conversation.tip_id)  # type: ignore[arg-type]
    for one, other in zip(said_in(conversation), said_in(copy), strict=True):
        for name in ("role", "parts", "reasoning", "tool_calls", "tool_call_id", "finish_reason", "original"):
            assert getattr(one, name) == getattr(other, name)
        assert one.pk != other.pk
        assert other.conversation_id == copy.pk


def test_nothing_is_copied_of_nothing(conversation: Conversation) -> None:
    copy = copy_of(conversation)
    assert copy.tip is None
    assert not Message.objects.exists()


def test_other_branches_and_deleted_messages_stay_behind(conversation: Conversation) -> None:
    question, first = talk(conversation, "q", "one")
    conversation.show(question)
    answer(conversation, "two")
    gone = say(conversation, "never mind")
    say(conversation, "go on")
    gone.delete_for_now()
    copy = copy_of(conversation)
    assert turns(copy) == [("user", "q"), ("assistant", "two"), ("user", "go on")]
    assert copy.messages.count() == 3
    assert first.text == "one"


def test_what_is_still_being_written_stays_behind(conversation: Conversation) -> None:
    talk(conversation, "q", "a", "q2")
    answer(conversation, "so f", status="running")
    assert turns(copy_of(conversation)) == [("user", "q"), ("assistant", "a"), ("user", "q2")]


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "interrupted"])
def test_a_copied_answer_knows_the_call_that_made_it(conversation: Conversation, status: str) -> None:
    say(conversation, "q")
    original = answer(conversation, "a", status=status, finish_reason="stop")
    [question, copied] = said_in(copy_of(conversation))
    assert (copied.generation, copied.call, copied.status) == (None, original.generation, status)
    assert facts_of(copied) == facts_of(original)
    assert (question.copy_of, question.call) == (None, None)


def test_a_copy_of_a_copy_knows_the_first_one(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    [_, copied] = said_in(copy_of(copy_of(conversation)))
    assert copied.copy_of == original


def test_no_call_is_made_or_counted_again(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    call = original.generation
    assert call
    Charge.objects.create(
        id=call.pk, owner=conversation.owner, conversation=conversation, day=call.created_at.date(), cost=1,
        provider="p", model="m", status="finished",
    )  # fmt: skip
    copy = copy_of(conversation)
    assert (Generation.objects.count(), Charge.objects.count()) == (1, 1)
    assert Charge.objects.filter(conversation=copy).total()["cost"] is None


def test_what_is_done_to_one_is_not_done_to_the_other(conversation: Conversation) -> None:
    question, first = talk(conversation, "q", "a")
    copy = copy_of(conversation)
    first.rewrite("rewritten")
    question.delete_for_now()
    answer(conversation, "more")
    assert turns(copy) == [("user", "q"), ("assistant", "a")]
    [copied, _] = said_in(copy)
    copied.rewrite("otherwise")
    say(copy, "and then?")
    assert turns(conversation) == [("assistant", "rewritten"), ("assistant", "more")]


def test_words_stay_when_the_original_goes_for_good(conversation: Conversation) -> None:
    talk(conversation, "q", "a")
    copy = copy_of(conversation)
    conversation.delete()
    assert turns(copy) == [("user", "q"), ("assistant", "a")]
    assert [message.call for message in said_in(copy)] == [None, None]


def test_a_call_goes_over_to_the_first_copy_before_the_original_goes(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    call, facts = original.generation, facts_of(original)
    assert call
    Exchange.objects.create(generation=call, status=200)
    first, second = copy_of(conversation), copy_of(conversation)
    third = copy_of(second)
    hand_down([conversation.pk])
    conversation.delete()
    [answers] = zip(*(said_in(copy)[1:] for copy in (first, second, third)), strict=True)
    assert [answer.call for answer in answers] == [call] * 3
    assert [facts_of(answer) for answer in answers] == [facts] * 3
    assert [answer.copy_of for answer in answers] == [None, answers[0], answers[0]]
    assert Generation.objects.get().conversation == first
    assert Exchange.objects.get().generation == call
    hand_down([first.pk, second.pk])
    Conversation.objects.exclude(pk=third.pk).delete()
    assert said_in(third)[1].generation == call


def test_what_a_file_told_of_an_answer_stays_when_the_original_goes(conversation: Conversation) -> None:
    question = say(conversation, "Hi")
    say(conversation, "Hello", Role.ASSISTANT, imported_facts={"model": "gpt-old"})
    copy = copy_of(conversation)
    branch, _ = branch_off(conversation.tip or question, Scope.PATH)
    hand_down([conversation.pk])
    conversation.delete()
    assert [facts_of(said_in(each)[-1]) for each in (copy, branch)] == [["gpt-old"], ["gpt-old"]]


def test_copies_that_go_along_take_over_nothing(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    copy = copy_of(conversation)
    hand_down([conversation.pk, copy.pk])
    assert said_in(conversation)[1].generation == original.generation
    hand_down([copy.pk])
    assert said_in(copy)[1].copy_of == original


def test_alternatives_of_one_call_stay_apart_when_it_is_handed_down(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    other = Message.objects.create(
        conversation=conversation, parent=original.parent, role=Role.ASSISTANT,
        generation=original.generation, choice=1,
    )  # fmt: skip
    first = copy_of(conversation)
    conversation.show(other)
    second = copy_of(conversation)
    hand_down([conversation.pk])
    conversation.delete()
    found = [said_in(copy)[1] for copy in (first, second)]
    assert [(answer.generation, answer.choice) for answer in found] == [
        (original.generation, 0),
        (original.generation, 1),
    ]


def test_a_call_with_several_answers_lives_as_long_as_one_of_them(conversation: Conversation) -> None:
    _, original = talk(conversation, "q", "a")
    other = Message.objects.create(
        conversation=conversation, parent=original.parent, role=Role.ASSISTANT,
        generation=original.generation, choice=1,
    )  # fmt: skip
    first = copy_of(conversation)
    conversation.show(other)
    copies = [first, copy_of(conversation)]
    for dying, left in ((conversation, copies), (copies[1], copies[:1])):
        hand_down([dying.pk])
        dying.delete()
        for copy in left:
            assert said_in(copy)[1].call == original.generation


def test_the_ids_of_copies_are_in_the_order_of_the_words(conversation: Conversation) -> None:
    """The page takes the newest of several by its id."""
    talk(conversation, *map(str, range(8)))
    before = new_id()
    ids = [message.pk for message in said_in(copy_of(conversation))]
    assert [before, *ids] == sorted([before, *ids])


def test_a_long_talk_costs_as_many_queries_as_a_short_one(
    conversation: Conversation, django_assert_max_num_queries: Any
) -> None:
    talk(conversation, *map(str, range(120)))
    copy = copy_settings(conversation)
    copy.save()
    with django_assert_max_num_queries(6):
        copy_words(conversation.tip_id, copy)
    assert len(said_in(copy)) == 120

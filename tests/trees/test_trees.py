"""The tree of a conversation: what is told of each message, what was set otherwise, and how much is read for it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import chat.trees
from chat.models import Conversation, Generation, Message, Provider, Role
from chat.models.copying import copy_settings, copy_words
from chat.models.identifiers import new_id
from chat.models.message import text_part
from chat.trees import FIRST_WORDS, changes_on_the_way, tree_of

pytestmark = pytest.mark.django_db


def ask(conversation: Conversation, text: str, parent: Message | None = None, **fields: Any) -> Message:
    fields = {"parts": [text_part(text)], "role": Role.USER, **fields}
    return Message.objects.create(conversation=conversation, parent=parent, **fields)


def answer(
    conversation: Conversation, text: str, parent: Message, request: Any = None, **call: Any
) -> Message:
    """With the request that it was asked for by, and the end of what is shown."""
    body = {"model": "scripted", "messages": [{"role": "user", "content": "x"}], **(request or {})}
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, request=body,
        **{"model": body["model"], "status": "finished", "provider": conversation.provider, **call},
    )  # fmt: skip
    message = ask(conversation, text, parent, role=Role.ASSISTANT, generation=generation)
    conversation.show(message)
    return message


def nodes(conversation: Conversation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tree_of(Conversation.objects.get(pk=conversation.pk))["nodes"]
    return found


def hung(conversation: Conversation) -> dict[str, str]:
    words = {each["id"]: each["words"] for each in nodes(conversation)}
    return {each["words"]: words.get(each["parent"], "") for each in nodes(conversation)}


def changed(conversation: Conversation, *answers: Message) -> list[list[str]]:
    found = changes_on_the_way(conversation, [each.pk for each in answers])
    return [[" ".join(change.values()) for change in found[str(each.pk)]] for each in answers]


# What is drawn


def test_every_message_is_told_of_in_short(conversation: Conversation) -> None:
    question = ask(conversation, "Why\n is  it <b>so</b>? " + "x" * 500, starred=True, muted=True)
    first = answer(conversation, "Because.", question, status="failed", answered_model="scripted-2026")
    second = answer(conversation, "Well.", question)
    Message.objects.filter(pk=second.pk).update(original=second.parts, parts=[text_part("Well, well.")])
    [asked, one, other] = nodes(conversation)
    assert asked == {
        "id": str(question.pk), "parent": None, "role": "user", "shown": True, "starred": True, "muted": True,
        "words": " ".join(question.text[:FIRST_WORDS].split()),
    }  # fmt: skip
    assert one == {
        "id": str(first.pk), "parent": str(question.pk), "role": "assistant", "words": "Because.",
        "model": "scripted-2026", "status": "failed",
    }  # fmt: skip
    assert other == {
        "id": str(second.pk), "parent": str(question.pk), "role": "assistant", "words": "Well, well.",
        "model": "scripted", "shown": True, "edited": True,
    }  # fmt: skip


def test_words_are_found_behind_a_picture_and_a_call_has_its_name(conversation: Conversation) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    seen = ask(conversation, "", parts=[picture, text_part("What is this?")])
    ask(conversation, "", parts=[picture])
    calls = [{"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]
    ask(conversation, "", seen, role=Role.ASSISTANT, parts=[], tool_calls=calls)
    told = [(each["words"], each.get("tool")) for each in nodes(conversation)]
    assert told == [("What is this?", None), ("", None), ("", "look")]


def test_what_hung_on_a_deleted_message_hangs_where_the_page_shows_it(conversation: Conversation) -> None:
    root = ask(conversation, "root")
    gone = ask(conversation, "gone", root)
    too = ask(conversation, "gone too", gone)
    below = ask(conversation, "below", too)
    ask(conversation, "end", below)
    for each in (gone, too):
        each.delete_for_now()
    assert hung(conversation) == {"root": "", "below": "root", "end": "below"}
    root.delete_for_now()
    assert hung(conversation) == {"below": "", "end": "below"}


def test_a_copied_and_an_imported_answer_have_models_too(conversation: Conversation) -> None:
    question = ask(conversation, "q")
    answer(conversation, "a", question, status="stopped")
    copy = copy_settings(conversation)
    copy.save()
    copy_words(conversation.tip_id, copy)
    ask(copy, "imported", copy.tip, role=Role.ASSISTANT, imported_facts={"model": "gpt-old"})
    assert [each.get("model") for each in nodes(copy)] == [None, "scripted", "gpt-old"]
    assert nodes(copy)[1]["status"] == "stopped"


def test_an_empty_conversation_has_an_empty_tree(conversation: Conversation) -> None:
    assert nodes(conversation) == []


def test_two_thousand_in_a_row_take_two_queries(conversation: Conversation) -> None:
    ids = [new_id() for _ in range(2000)]
    Message.objects.bulk_create(
        Message(id=id, conversation=conversation, parent_id=ids[at - 1] if at else None, role=Role.USER)
        for at, id in enumerate(ids)
    )
    conversation.show(Message.objects.get(pk=ids[-1]))
    Message.objects.filter(pk__in=ids[500:1500]).update(deleted_at="2026-01-01T00:00:00Z")
    with CaptureQueriesContext(connection) as queries:
        found = tree_of(conversation)["nodes"]
    assert len(queries) == 2
    assert len(found) == 1000
    assert found[500]["parent"] == str(ids[499])
    assert all(each["shown"] for each in found)


# What was set otherwise


def test_an_answer_is_held_against_the_answer_above(conversation: Conversation) -> None:
    first = answer(conversation, "a", ask(conversation, "q"), {"temperature": 0.2, "top_p": 0.9})
    question = ask(conversation, "q2", first)
    same = answer(conversation, "b", question, {"temperature": 0.2, "top_p": 0.9})
    other = answer(conversation, "c", question, {"temperature": 0.7, "seed": 7, "model": "larger"})
    assert changed(conversation, same, other) == [
        [],
        ["Model scripted larger", "Temperature 0.2 0.7", "Top P 0.9 not set", "Seed not set 7"],
    ]


def test_of_a_first_answer_it_is_what_was_set(conversation: Conversation) -> None:
    question = ask(conversation, "q")
    plain = answer(conversation, "a", question)
    instructed = [{"role": "system", "content": "Be\nbrief."}, {"role": "user", "content": "x"}]
    warm = answer(conversation, "b", question, {"temperature": 1.5, "messages": instructed})
    assert changed(conversation, plain, warm) == [
        [],
        ["System prompt not set Be brief.", "Temperature not set 1.5"],
    ]


def test_long_values_are_cut(conversation: Conversation) -> None:
    instructed = [{"role": "system", "content": "long " * 100}]
    long = answer(conversation, "a", ask(conversation, "q"), {"messages": instructed})
    [[change]] = changed(conversation, long)
    assert change.endswith("…")
    assert len(change) < 80


def test_only_answers_of_this_conversation_are_told_of(conversation: Conversation, alice: Any) -> None:
    other = Conversation.objects.create(owner=alice)
    elsewhere = answer(other, "a", ask(other, "q"), {"temperature": 1})
    question = ask(conversation, "q")
    gone = answer(conversation, "a", question)
    gone.delete_for_now()
    assert changes_on_the_way(conversation, [elsewhere.pk, question.pk, gone.pk, new_id()]) == {}


def test_as_much_is_read_as_can_be_at_once(conversation: Conversation, monkeypatch: Any) -> None:
    question = ask(conversation, "q")
    answers = [answer(conversation, "a", question, {"seed": seed}) for seed in (1, 2, 3)]
    monkeypatch.setattr(chat.trees, "MOST_READ", 100)
    ids = [each.pk for each in answers]
    assert list(changes_on_the_way(conversation, ids)) == [str(ids[0])]
    assert list(changes_on_the_way(conversation, ids[1:])) == [str(ids[1])]
    monkeypatch.undo()
    assert len(changes_on_the_way(conversation, ids)) == 3


def test_a_hundred_take_three_queries(conversation: Conversation) -> None:
    question = ask(conversation, "q")
    answers = [answer(conversation, "a", question, {"seed": seed}) for seed in range(100)]
    with CaptureQueriesContext(connection) as queries:
        found = changed(conversation, *answers)
    assert len(queries) == 3
    assert found[99] == ["Seed not set 99"]


def test_an_odd_request_breaks_nothing(conversation: Conversation, provider: Provider) -> None:
    question = ask(conversation, "q")
    odd = [
        answer(conversation, "a", question, request, provider=None)
        for request in ({"messages": None}, {"messages": "x"}, {"messages": [1]}, {"temperature": "hot"})
    ]
    assert len(changes_on_the_way(conversation, [each.pk for each in odd])) == 4

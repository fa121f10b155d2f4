"""The rows of a new generation, and the branch as it is sent."""

from typing import Any

import pytest

from chat.generation.begin import Nothing, begin, messages_to_send
from chat.models import Conversation, Generation, Message, Provider
from chat.models.generation import LEASE

pytestmark = pytest.mark.django_db


def add(conversation: Conversation, role: str, *parts: dict[str, Any], **fields: Any) -> Message:
    """One more message at the end of the branch."""
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role=role, parts=list(parts), **fields
    )
    conversation.show(message)
    return message


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def sent(conversation: Conversation) -> list[dict[str, Any]]:
    assert conversation.tip
    return messages_to_send(conversation, conversation.tip)


def test_the_empty_answer_and_its_running_generation_are_stored_and_shown(conversation: Conversation) -> None:
    question = add(conversation, "user", text("Hi"))
    job = begin(conversation, question)
    stored = Generation.objects.get()
    answer = stored.messages.get()
    assert (stored.status, stored.owner_id, stored.request) == ("running", conversation.owner_id, job.body)
    assert (answer.parent, answer.role, answer.parts) == (question, "assistant", [])
    assert Conversation.objects.get().tip == answer
    assert stored.lease_until is not None
    assert (stored.lease_until - stored.created_at).total_seconds() >= LEASE.total_seconds()


@pytest.mark.parametrize("missing", ["provider", "removed", "model"])
def test_without_a_model_there_is_nothing_to_begin(
    conversation: Conversation, provider: Provider, missing: str
) -> None:
    question = add(conversation, "user", text("Hi"))
    if missing == "provider":
        conversation.provider = None
    elif missing == "removed":
        provider.removed = True
    else:
        conversation.model = ""
    with pytest.raises(Nothing, match="Choose a model"):
        begin(conversation, question)


def test_the_system_prompt_comes_first_and_only_if_there_is_one(conversation: Conversation) -> None:
    add(conversation, "user", text("Hi"))
    assert sent(conversation) == [{"role": "user", "content": "Hi"}]
    conversation.system_prompt = "Be brief."
    assert sent(conversation)[0] == {"role": "system", "content": "Be brief."}
    conversation.system_prompt = " \n"
    assert len(sent(conversation)) == 1


def test_text_alone_is_sent_as_text_and_more_as_a_list(conversation: Conversation) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    add(conversation, "user", text("one "), text("two"))
    add(conversation, "user", text("see"), image)
    assert [turn["content"] for turn in sent(conversation)] == ["one two", [text("see"), image]]


def test_what_never_said_anything_and_what_was_deleted_is_not_sent(conversation: Conversation) -> None:
    add(conversation, "user", text("Hi"))
    add(conversation, "assistant")
    add(conversation, "user", text("gone")).delete_for_now()
    add(conversation, "user", text("Still there?"))
    assert [turn["content"] for turn in sent(conversation)] == ["Hi", "Still there?"]


def test_a_call_of_a_tool_is_sent_with_no_content_of_its_own(conversation: Conversation) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    add(conversation, "assistant", tool_calls=[call])
    assert sent(conversation) == [{"role": "assistant", "content": None, "tool_calls": [call]}]


def test_notes_on_an_answer_and_its_reasoning_stay_here(conversation: Conversation) -> None:
    note = {"type": "annotation", "annotation": {"url": "https://a.test"}}
    add(conversation, "assistant", text("So."), note, reasoning="Hm.")
    assert sent(conversation) == [{"role": "assistant", "content": "So."}]


def test_only_the_branch_of_the_last_message_is_sent(conversation: Conversation) -> None:
    first = add(conversation, "user", text("one"))
    add(conversation, "assistant", text("left"))
    conversation.show(first)
    add(conversation, "assistant", text("right"))
    assert [turn["content"] for turn in sent(conversation)] == ["one", "right"]

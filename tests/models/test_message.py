"""A message's words: edited in place, deleted for now."""

from typing import Any

import pytest

from chat.models import Conversation, Generation, Message, Status

pytestmark = pytest.mark.django_db

TEXT = {"type": "text", "text": "as the model wrote it"}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}


@pytest.fixture
def message(alice: Any) -> Message:
    conversation = Conversation.objects.create(owner=alice)
    return Message.objects.create(conversation=conversation, role="assistant", parts=[TEXT, IMAGE])


def test_its_text_is_its_text_parts_joined(message: Message) -> None:
    message.parts = [TEXT, IMAGE, {"type": "text", "text": " and more"}]
    assert message.text == "as the model wrote it and more"


def test_other_words_keep_what_is_not_text_and_the_first_words(message: Message) -> None:
    message.rewrite("once")
    message.rewrite("twice")
    message.refresh_from_db()
    assert message.text == "twice"
    assert message.parts[1] == IMAGE
    assert message.original == [TEXT, IMAGE]


def test_text_is_stored_to_the_letter(message: Message) -> None:
    odd = "\r\n\r \u2028 \u0085 \ufeff 😀 \x1b[31m <b>&amp;</b> \ue000"
    message.rewrite(odd)
    message.refresh_from_db()
    assert message.text == odd


def test_a_message_of_a_person_is_finished(message: Message) -> None:
    assert message.status == "finished"


def test_a_message_of_a_model_is_as_far_as_its_generation(message: Message) -> None:
    message.generation = Generation(status=Status.RUNNING)
    assert message.status == "running"


def test_what_is_deleted_can_be_brought_back(message: Message) -> None:
    message.delete_for_now()
    assert Message.objects.get().deleted_at
    message.restore()
    assert Message.objects.get().deleted_at is None

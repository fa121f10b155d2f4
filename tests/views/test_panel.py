"""The settings panel in the page, and the line at its head."""

from typing import Any

import pytest

from chat.models import Conversation, Generation, Message, PinnedModel, Provider, Role

pytestmark = pytest.mark.django_db


def test_a_default_is_shown_and_not_sent(as_user: Any, alice: Any, provider: Provider) -> None:
    provider.language_models.update(defaults={"temperature": 0.6})
    Conversation.objects.create(owner=alice, provider=provider, model="scripted")
    page = as_user(alice).get("/").content.decode()
    assert 'placeholder="default 0.6"' in page
    assert "none set" in page


def test_the_page_shows_them(conversation: Conversation, as_user: Any, alice: Any) -> None:
    request = {"temperature": 0.7, "messages": []}
    generation = Generation.objects.create(
        owner=alice, conversation=conversation, provider=conversation.provider, model=conversation.model,
        status="finished", request=request,
    )  # fmt: skip
    answer = Message.objects.create(conversation=conversation, role=Role.ASSISTANT, generation=generation)
    conversation.show(answer)
    path = f"/c/{conversation.pk}/since/"
    page = as_user(alice).get(path).content.decode()
    assert "1 changed since the last answer" in page
    assert 'data-changed="temperature" data-was="was 0.7"' in page
    conversation.settings = {"temperature": 0.7}
    conversation.save()
    assert as_user(alice).get(path).content.decode().strip() == ""


def test_the_page_says_whether_its_model_is_pinned(
    conversation: Conversation, as_user: Any, alice: Any
) -> None:
    client = as_user(alice)
    path = f"/c/{conversation.pk}/"
    assert 'aria-pressed="false" aria-label="Pin this model"' in client.get(path).content.decode()
    PinnedModel.objects.create(owner=alice, provider=conversation.provider, model=conversation.model)
    assert 'aria-pressed="true" aria-label="Pin this model"' in client.get(path).content.decode()

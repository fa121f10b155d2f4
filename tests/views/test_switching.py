"""Before a switch drops something in use, it is said what. Only what is known counts."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Conversation, Generation, LanguageModel, Message, Provider, Role

pytestmark = pytest.mark.django_db

IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.fixture
def free(db: None) -> LanguageModel:
    """The model that is switched from: it takes all that one can set."""
    provider = Provider.objects.create(name="Free", base_url="https://free.test/v1", dialect="vllm")
    return LanguageModel.objects.create(provider=provider, name="free", type="chat")


@pytest.fixture
def strict(db: None) -> LanguageModel:
    provider = Provider.objects.create(name="Strict", base_url="https://strict.test/v1", dialect="mistral")
    return LanguageModel.objects.create(provider=provider, name="strict", type="chat")


@pytest.fixture
def talk(alice: Any, free: LanguageModel) -> Conversation:
    return Conversation.objects.create(owner=alice, provider=free.provider, model=free.name)


def say(conversation: Conversation, *parts: dict[str, Any], **usage: int) -> None:
    """A question with these parts, and an answer that took so many tokens."""
    question = Message.objects.create(conversation=conversation, role=Role.USER, parts=list(parts))
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, provider=conversation.provider,
        model=conversation.model, status="finished", usage=usage or None,
    )  # fmt: skip
    answer = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, generation=generation
    )
    conversation.show(answer)


def words(client: Any, talk: Conversation | None, to: LanguageModel, **more: Any) -> str:
    form = {"of_provider": to.provider_id, "named": to.name, "conversation": talk.pk if talk else "", **more}
    response = client.post("/models/switch/", form)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_nothing_dropped_nothing_said(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    talk.settings = {"temperature": 0.7}
    talk.save()
    assert words(as_user(alice), talk, strict) == ""


def test_parameters_that_the_dialect_does_not_take(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    talk.settings = {"temperature": 0.7, "top_k": 40, "min_p": 0.1}
    talk.save()
    said = words(as_user(alice), talk, strict)
    assert "Switching to <strong>strict</strong>" in said
    assert "Top K and Min P are not sent to it, and kept for later." in said
    assert "Temperature" not in said


def test_a_parameter_that_the_model_rejected_before(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    strict.refuse("temperature", "no")
    talk.settings = {"temperature": 0.7}
    talk.save()
    assert "Temperature is not sent to it" in words(as_user(alice), talk, strict)


def test_what_is_typed_and_not_saved_counts(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    client = as_user(alice)
    assert "Top K" in words(client, talk, strict, top_k="40")
    assert words(client, talk, strict, top_k="forty") == ""


def test_what_the_present_model_drops_already_is_not_said_again(
    as_user: Any, alice: Any, talk: Conversation, free: LanguageModel, strict: LanguageModel
) -> None:
    talk.settings = {"top_k": 40}
    talk.provider, talk.model = strict.provider, strict.name
    talk.save()
    other = LanguageModel.objects.create(provider=strict.provider, name="other", type="chat")
    assert words(as_user(alice), talk, other) == ""


@pytest.mark.parametrize(
    ("used", "lacks", "said"),
    [
        ({"tool_choice": "auto"}, "tools", "It calls no tools."),
        ({"extra": {"tools": [{}]}}, "tools", "It calls no tools."),
        ({"response_format": "json_object"}, "json", "It holds to no response format."),
        ({"reasoning_effort": "low"}, "reasoning", "It has no reasoning to set."),
        ({"response_format": "text"}, "json", ""),
        ({}, "tools", ""),
    ],
)
def test_abilities_that_the_model_is_known_to_lack(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel, used: Any, lacks: str, said: str
) -> None:
    talk.settings = used
    talk.save()
    assert words(as_user(alice), talk, strict) == ""
    strict.lacks = [lacks]
    strict.save()
    found = words(as_user(alice), talk, strict)
    assert said in found
    assert bool(found) == bool(said)


def test_images_of_the_shown_branch(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    strict.lacks = ["images", "audio"]
    strict.save()
    say(talk, {"type": "text", "text": "Hi"})
    assert words(as_user(alice), talk, strict) == ""
    say(talk, IMAGE)
    assert "It does not take the images of this conversation." in words(as_user(alice), talk, strict)


def test_unknown_modalities_give_no_warning(
    as_user: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    say(talk, IMAGE)
    assert words(as_user(alice), talk, strict) == ""


def test_a_context_too_small_for_what_was_said(
    as_user: Any, alice: Any, talk: Conversation, free: LanguageModel, strict: LanguageModel
) -> None:
    say(talk, {"type": "text", "text": "Hi"}, prompt_tokens=11_500, completion_tokens=500)
    assert words(as_user(alice), talk, strict) == ""
    LanguageModel.objects.filter(pk=strict.pk).update(context_length=8192)
    said = words(as_user(alice), talk, strict)
    assert "Its context of 8,192 tokens is smaller than the ~12,000 of this conversation." in said
    LanguageModel.objects.filter(pk=free.pk).update(context_length=4096)
    assert words(as_user(alice), talk, strict) == ""


def test_a_new_chat_and_an_id_that_no_list_has(as_user: Any, alice: Any, strict: LanguageModel) -> None:
    client = as_user(alice)
    typed = LanguageModel(provider=strict.provider, name="typed<b>")
    said = words(client, None, typed, provider=str(strict.provider_id), model="strict", top_k="4")
    assert said == ""
    assert "typed&lt;b&gt;" in words(client, None, typed, top_k="4")


def test_others_have_no_part_in_it(
    as_user: Any, bob: Any, alice: Any, talk: Conversation, strict: LanguageModel
) -> None:
    form = {"of_provider": strict.provider_id, "named": "strict", "conversation": talk.pk}
    assert as_user(bob).post("/models/switch/", form).status_code == 404
    Provider.objects.update(owner=alice)
    assert as_user(bob).post("/models/switch/", {**form, "conversation": ""}).status_code == 404
    assert as_user(alice).post("/models/switch/", {**form, "of_provider": uuid4()}).status_code == 404
    assert as_user(alice).post("/models/switch/", {**form, "named": ""}).status_code == 422

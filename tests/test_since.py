"""What changed since the last answer, by its stored request."""

from typing import Any

import pytest

from chat.completions import build_chat_body
from chat.models import Conversation, Generation, LanguageModel, Message, Provider, Role
from chat.since import changed_since_last_answer

pytestmark = pytest.mark.django_db


def answered(conversation: Conversation, **settings: Any) -> Generation:
    """An answer to a request with these settings, and the conversation's prompt and model as they are."""
    assert conversation.provider
    system = [{"role": "system", "content": conversation.system_prompt}] if conversation.system_prompt else []
    body = build_chat_body(
        conversation.provider.dialect,
        conversation.model,
        [*system, {"role": "user", "content": "Hi"}],
        settings,
    )
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, provider=conversation.provider, request=body,
        provider_name=conversation.provider.name, model=conversation.model, status="finished",
        url="https://api.mistral.ai/v1/chat/completions",
    )  # fmt: skip
    question = Message.objects.create(conversation=conversation, role=Role.USER, parts=[])
    answer = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, generation=generation
    )
    conversation.show(answer)
    return generation


def changed(conversation: Conversation) -> dict[str, str]:
    return {change.name: change.was for change in changed_since_last_answer(conversation)}


def test_before_the_first_answer_there_is_nothing_to_compare(conversation: Conversation) -> None:
    conversation.settings = {"temperature": 1}
    assert changed(conversation) == {}


def test_the_same_settings_are_no_change(conversation: Conversation) -> None:
    settings: dict[str, Any] = {"temperature": 0.7, "logprobs": 2, "reasoning_effort": "low", "stop": ["a"]}
    conversation.settings = settings
    conversation.system_prompt = "Be brief."
    answered(conversation, **settings)
    assert changed(conversation) == {}


def test_each_says_what_it_was(conversation: Conversation) -> None:
    answered(conversation, temperature=0.7, logprobs=2)
    conversation.settings = {"temperature": 0.9, "seed": 5}
    assert changed(conversation) == {"temperature": "was 0.7", "logprobs": "was 2", "seed": "was not set"}


def test_system_prompt_and_model_are_among_them(conversation: Conversation) -> None:
    answered(conversation)
    conversation.system_prompt = "Be brief."
    conversation.model = "another"
    assert changed(conversation) == {"model": "was scripted", "system_prompt": "was not set"}


def test_a_long_prompt_is_cut(conversation: Conversation) -> None:
    conversation.system_prompt = "word\n" * 1000
    answered(conversation)
    conversation.system_prompt = ""
    assert len(changed(conversation)["system_prompt"]) < 80


def test_another_dialect_is_compared_by_meaning(conversation: Conversation) -> None:
    answered(conversation, seed=5, temperature=1, top_p=0.5)
    other = Provider.objects.create(name="Other", base_url="https://other.test/v1", dialect="mistral")
    conversation.provider, conversation.settings = other, {"seed": 5, "temperature": 1, "top_p": 0.5}
    assert changed(conversation) == {"model": "was scripted of Scripted"}


def test_what_is_set_and_not_sent_any_more_is_a_change(conversation: Conversation) -> None:
    conversation.settings = {"temperature": 0.7}
    answered(conversation, temperature=0.7)
    model = LanguageModel.objects.get(provider=conversation.provider, name="scripted")
    model.refuse("temperature", "no")
    assert changed(conversation) == {"temperature": "was 0.7"}


def test_of_a_provider_that_is_gone_the_address_tells_the_dialect(conversation: Conversation) -> None:
    generation = answered(conversation)
    Generation.objects.filter(pk=generation.pk).update(
        provider=None, request={"random_seed": 3, "messages": []}
    )
    conversation.settings = {"seed": 3}
    assert set(changed(conversation)) == {"model"}

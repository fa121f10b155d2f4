"""What a new chat begins with."""

from typing import Any

import pytest

from chat.models import Conversation, LanguageModel, Preset, Provider
from chat.new_chats import fresh, model_for_new_chat, new_chat
from tests.history.listing import talk

pytestmark = pytest.mark.django_db


def model(name: str, **fields: Any) -> Provider:
    provider = Provider.objects.create(name=name, base_url=f"https://{name}.test/v1", **fields)
    LanguageModel.objects.create(provider=provider, name=f"{name}-model", type="chat")
    return provider


def test_a_new_chat_has_no_model_where_there_is_none(alice: Any) -> None:
    assert model_for_new_chat(alice) == (None, "")


def test_a_new_chat_takes_the_model_that_was_used_last(alice: Any) -> None:
    model("first")
    last = model("last")
    talk(alice, provider=last, model="last-model")
    assert model_for_new_chat(alice) == (last, "last-model")


def test_without_one_a_real_provider_is_taken_before_the_demo(alice: Any) -> None:
    demo = model("demo", source=Provider.Source.BUILT_IN)
    assert model_for_new_chat(alice) == (demo, "demo-model")
    real = model("real")
    assert model_for_new_chat(alice) == (real, "real-model")


def test_a_model_whose_provider_was_removed_is_not_taken_again(alice: Any) -> None:
    removed, kept = model("removed", removed=True), model("kept")
    talk(alice, provider=removed, model="removed-model")
    assert model_for_new_chat(alice) == (kept, "kept-model")


def test_what_others_use_does_not_matter(alice: Any, bob: Any) -> None:
    talk(bob, provider=model("bobs", owner=bob), model="bobs-model")
    assert model_for_new_chat(alice) == (None, "")


def test_it_begins_with_the_preset_for_new_ones_and_is_not_stored(alice: Any) -> None:
    provider = model("here")
    Preset.objects.create(
        owner=alice, name="Brief", settings={"temperature": 0}, system_prompt="Be brief.", for_new_chats=True
    )
    chat = new_chat(alice)
    assert (chat.provider, chat.model) == (provider, "here-model")
    assert (chat.settings, chat.system_prompt) == ({"temperature": 0}, "Be brief.")
    assert (fresh(alice).provider, fresh(alice).settings) == (None, {"temperature": 0})
    assert not Conversation.objects.exists()

"""The settings of a conversation and its title."""

from typing import Any
from uuid import uuid4

import pytest

from chat.forms import SettingsForm, TitleForm, first_error
from chat.models import Conversation, Provider


@pytest.fixture
def talk(alice: Any) -> Conversation:
    return Conversation(
        owner=alice, system_prompt="Be brief.", model="old", settings={"temperature": 0.5, "top_p": 0.9}
    )


def apply(conversation: Conversation, **typed: Any) -> Conversation:
    form = SettingsForm(conversation.owner, typed)
    assert form.is_valid(), form.errors
    form.apply_to(conversation)
    return conversation


def test_a_form_changes_only_what_it_holds(talk: Conversation) -> None:
    apply(talk, message="no settings here")
    assert (talk.system_prompt, talk.model) == ("Be brief.", "old")
    assert talk.settings == {"temperature": 0.5, "top_p": 0.9}


def test_a_field_left_empty_is_not_set(talk: Conversation) -> None:
    assert apply(talk, temperature="", top_p="0.1").settings == {"top_p": 0.1}


def test_an_emptied_system_prompt_is_empty(talk: Conversation) -> None:
    assert apply(talk, system_prompt="").system_prompt == ""


def test_what_cannot_be_is_told_beside_its_field(talk: Conversation) -> None:
    form = SettingsForm(talk.owner, {"temperature": "hot", "top_p": "2", "max_tokens": "5"})
    assert not form.is_valid()
    assert set(form.errors) == {"temperature", "top_p"}


def test_a_model_is_chosen_together_with_its_provider(talk: Conversation, provider: Provider) -> None:
    apply(talk, model="alone")
    assert talk.model == "old"
    apply(talk, provider=str(provider.pk), model=" new ")
    assert (talk.provider, talk.model) == (provider, "new")


def test_a_provider_that_is_not_there_for_me_is_not_chosen(talk: Conversation, bob: Any) -> None:
    private = Provider.objects.create(name="Bob's", base_url="https://bob.test/v1", owner=bob)
    for id in (private.pk, uuid4()):
        apply(talk, provider=str(id), model="stolen")
    assert (talk.provider, talk.model) == (None, "old")


def test_a_malformed_provider_is_refused(talk: Conversation) -> None:
    assert not SettingsForm(talk.owner, {"provider": "x", "model": "m"}).is_valid()


@pytest.mark.parametrize(
    ("title", "valid"), [("A name", True), ("", False), ("  ", False), ("x" * 201, False)]
)
def test_a_title_has_a_letter_and_an_end(title: str, valid: bool) -> None:
    assert TitleForm({"title": title}).is_valid() is valid


def test_a_valid_form_has_no_first_error() -> None:
    assert first_error(TitleForm({"title": "fine"})) == ""

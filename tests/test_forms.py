"""What people may type, and what they are told about the rest."""

from typing import Any
from uuid import uuid4

import pytest

from chat.forms import (
    LONGEST_TEXT,
    CommandForm,
    EditForm,
    MessageForm,
    ProviderForm,
    SettingsForm,
    TitleForm,
    first_error,
)
from chat.models import Conversation, Provider

ID = "b4d4f2c8-6d3f-4ce5-9b58-1f6f0f7c9a11"


def message(text: str | None) -> MessageForm:
    return MessageForm({"command": ID, **({} if text is None else {"message": text})})


def test_text_is_taken_to_the_letter() -> None:
    text = "  leading, \t tabs, \x07 bells, \r alone, \u2028, 😀, trailing  \n\n"
    form = message(text)
    assert form.is_valid()
    assert form.cleaned_data["message"] == text


def test_the_line_ends_of_forms_are_taken_out_again() -> None:
    form = message("one\r\ntwo\r\n")
    assert form.is_valid()
    assert form.cleaned_data["message"] == "one\ntwo\n"


@pytest.mark.parametrize("text", [None, "", "   ", "\n\t\r\n", "\u2003"])
def test_a_message_without_a_word_is_refused(text: str | None) -> None:
    assert first_error(message(text)) == "Write something first."


def test_a_nul_is_refused_in_words() -> None:
    assert "NUL character" in first_error(message("a\x00b"))


def test_a_megabyte_is_taken_and_more_than_the_most_is_refused() -> None:
    assert message("x" * 1_000_000).is_valid()
    assert "2,000,000 are the most" in first_error(message("x" * (LONGEST_TEXT + 1)))


@pytest.mark.parametrize("id", ["", "1", "not-a-uuid", "' or 1=1"])
def test_a_command_needs_an_id(id: str) -> None:
    assert not CommandForm({"command": id}).is_valid()


def test_an_invalid_id_says_what_to_do() -> None:
    assert first_error(CommandForm({"command": "x"})) == "This form has no valid id. Reload the page."


def test_an_empty_edit_says_what_to_do_instead() -> None:
    assert "Delete it instead" in first_error(EditForm({"command": ID, "text": ""}))


@pytest.mark.parametrize(
    ("title", "valid"), [("A name", True), ("", False), ("  ", False), ("x" * 201, False)]
)
def test_a_title_has_a_letter_and_an_end(title: str, valid: bool) -> None:
    assert TitleForm({"title": title}).is_valid() is valid


def test_a_valid_form_has_no_first_error() -> None:
    assert first_error(TitleForm({"title": "fine"})) == ""


# Settings


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


# Providers


def typed(**fields: str) -> dict[str, str]:
    return {"name": "Example", "base_url": "https://api.example.com/v1", "key": "", "dialect": "", **fields}


@pytest.mark.django_db
def test_a_provider_is_stored_with_its_key_sealed() -> None:
    form = ProviderForm(None, typed(key="  sk-0123456789abcdef  "))
    assert form.is_valid(), form.errors
    saved = Provider.objects.get(pk=form.save().pk)
    assert (saved.name, saved.key, saved.key_hint) == ("Example", "sk-0123456789abcdef", "cdef")
    assert saved.source == "added"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "stored"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        (" https://API.example.com/v1/chat/completions ", "https://api.example.com/v1"),
        ("http://localhost:1234/v1", "http://localhost:1234/v1"),
    ],
)
def test_an_address_is_stored_in_one_spelling(base_url: str, stored: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert form.is_valid(), form.errors
    assert form.save().base_url == stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    "base_url",
    [
        "", "api.example.com", "ftp://example.com", "javascript:alert(1)", "https://", "https:///v1",
        "https://user:pass@example.com/v1", "https://example.com/v1?key=1", "https://example.com/#x",
        "https://example.com:99999/v1", "https://exa mple.com", "http://[::1", "https://example.com\\@evil.test",
        "x" * 501,
    ],
)  # fmt: skip
def test_what_is_no_base_url_is_refused_beside_its_field(base_url: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert not form.is_valid()
    assert set(form.errors) == {"base_url"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["sk-ключ", "sk-“quoted”", "sk one two", "sk\x07bell", "x" * 4001])
def test_what_no_key_can_be_is_refused_without_repeating_it(key: str) -> None:
    form = ProviderForm(None, typed(key=key))
    assert not form.is_valid()
    assert set(form.errors) == {"key"}
    assert key not in str(form.errors)


@pytest.mark.django_db
def test_an_address_is_there_once() -> None:
    ProviderForm(None, typed()).is_valid()
    Provider.objects.create(name="First", base_url="https://api.example.com/v1")
    form = ProviderForm(None, typed(base_url="https://api.example.com/v1/"))
    assert "already" in first_error(form)


@pytest.mark.django_db
def test_a_provider_may_keep_its_own_address() -> None:
    row = Provider.objects.create(name="First", base_url="https://api.example.com/v1")
    assert ProviderForm(None, typed(name="Renamed"), row).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "dialect"),
    [
        ("https://api.together.ai/v1", "together"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("http://localhost:11434/v1", "ollama"),
        ("https://unknown.test/v1", "openai"),
    ],
)
def test_the_dialect_is_as_the_address_suggests(base_url: str, dialect: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert form.is_valid(), form.errors
    assert form.save().dialect == dialect


@pytest.mark.django_db
def test_a_dialect_may_be_chosen_but_not_made_up() -> None:
    chosen = ProviderForm(None, typed(dialect="vllm"))
    assert chosen.is_valid()
    assert chosen.save().dialect == "vllm"
    assert not ProviderForm(None, typed(dialect="klingon")).is_valid()


@pytest.mark.django_db
def test_an_empty_key_keeps_the_one_that_is_there_unless_the_host_changes() -> None:
    form = ProviderForm(None, typed(key="sk-0123456789abcdef"))
    assert form.is_valid()
    row = form.save()
    same = ProviderForm(None, typed(base_url="https://api.example.com/v2"), row)
    assert same.is_valid()
    assert same.save().key == "sk-0123456789abcdef"
    other = ProviderForm(None, typed(base_url="https://elsewhere.example.com/v1"), row)
    assert other.is_valid()
    assert other.save().key == ""


@pytest.mark.django_db
def test_saving_takes_the_trouble_of_before_away() -> None:
    row = Provider.objects.create(name="First", base_url="https://api.example.com/v1", trouble="It was down.")
    form = ProviderForm(None, typed(), row)
    assert form.is_valid()
    assert form.save().trouble == ""

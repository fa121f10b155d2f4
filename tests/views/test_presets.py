"""Presets: saved from the panel, applied to it, replaced, deleted, and what new chats start with."""

from typing import Any

import pytest
from django.test import Client

from chat.models import Conversation, Preset

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client


def save(client: Client, name: str = "Strict", **fields: str) -> Any:
    return client.post(
        "/presets/", {"preset_name": name, "temperature": "0.2", "system_prompt": "Be brief.", **fields}
    )


def test_a_preset_keeps_what_is_set_and_nothing_else(alices: Client) -> None:
    assert save(alices, top_p="", stop="END").status_code == 200
    preset = Preset.objects.get()
    assert (preset.name, preset.settings, preset.system_prompt) == (
        "Strict",
        {"temperature": 0.2, "stop": ["END"]},
        None,
    )


def test_the_system_prompt_goes_along_if_one_says_so(alices: Client) -> None:
    save(alices, with_system_prompt="on")
    assert Preset.objects.get().system_prompt == "Be brief."


def test_a_preset_of_the_same_name_is_replaced(alices: Client) -> None:
    save(alices)
    save(alices, temperature="0.9")
    assert Preset.objects.get().settings == {"temperature": 0.9}


def test_an_applied_preset_takes_the_place_of_what_is_set(alices: Client, conversation: Conversation) -> None:
    save(alices, with_system_prompt="on")
    id = Preset.objects.get().pk
    page = alices.post(
        f"/presets/{id}/applied/", {"conversation": conversation.pk, "top_p": "0.5"}
    ).content.decode()
    assert f'<option value="{id}" selected>' in page
    assert (
        'name="temperature" form="settings-form" type="number" min="0" max="2" step="any" value="0.2"' in page
    )
    assert "0.5" not in page
    assert "Be brief." in page
    conversation.refresh_from_db()
    assert conversation.settings == {}, "the page saves it as it saves any change"


def test_one_preset_at_most_is_what_new_chats_start_with(alices: Client) -> None:
    save(alices, for_new_chats="on")
    save(alices, "Loose", temperature="1.5", for_new_chats="on")
    assert [preset.name for preset in Preset.objects.filter(for_new_chats=True)] == ["Loose"]
    assert 'value="1.5"' in alices.get("/").content.decode()


def test_a_deleted_preset_changes_nothing_that_is_set(alices: Client) -> None:
    save(alices)
    page = alices.post(
        f"/presets/{Preset.objects.get().pk}/deletion/", {"temperature": "0.2"}
    ).content.decode()
    assert not Preset.objects.exists()
    assert 'value="0.2"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Give the preset a name."),
        ({"temperature": "9"}, "Temperature must be from 0 to 2."),
        ({"conversation": "x"}, "valid UUID"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(alices: Client, fields: dict[str, str], words: str) -> None:
    reply = save(alices, **fields)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert not Preset.objects.exists()

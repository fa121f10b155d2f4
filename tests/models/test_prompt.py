"""A saved prompt: versions that never change, and conversations that use them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chat.housekeeping import clear_away
from chat.models import Conversation, Preset, Prompt
from chat.placeholders import Unfilled, Variable

pytestmark = pytest.mark.django_db


@pytest.fixture
def prompt(alice: Any) -> Prompt:
    prompt = Prompt.objects.create(owner=alice, name="Summary")
    prompt.save_version("For {{audience}}.", [Variable("audience")], "First")
    prompt.save_version("For {{audience}}, in {{n}}.", [Variable("audience"), Variable("n", "number", "9")])
    return prompt


def test_each_version_has_a_number_of_its_own(prompt: Prompt) -> None:
    assert [version.number for version in prompt.versions.order_by("number")] == [1, 2]
    first, newest = prompt.versions.get(number=1), prompt.newest
    assert (first.newer, newest.newer) == (newest, None)
    assert newest.described == [Variable("audience"), Variable("n", "number", "9")]


@pytest.mark.django_db(transaction=True)
def test_tabs_that_save_at_the_same_time_get_numbers_of_their_own(prompt: Prompt) -> None:
    def save(number: int) -> int:
        try:
            return Prompt.objects.get(pk=prompt.pk).save_version(f"Text {number}", []).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tabs:
        assert sorted(tabs.map(save, range(12))) == list(range(3, 15))


def test_a_version_is_the_same_only_with_the_same_variables(prompt: Prompt) -> None:
    newest = prompt.newest
    assert newest.says(newest.text, newest.described)
    assert not newest.says(newest.text, [Variable("audience"), Variable("n")])


def test_a_conversation_is_sent_what_its_prompt_says(alice: Any, prompt: Prompt) -> None:
    conversation = Conversation(owner=alice, variables={"audience": "{{n}}", "gone": "x"})
    conversation.use_prompt(prompt.newest)
    assert conversation.variables == {"audience": "{{n}}"}
    assert conversation.instructions() == "For {{n}}, in 9."
    conversation.variables = {}
    with pytest.raises(Unfilled, match="audience has no value"):
        conversation.instructions()


def test_without_a_saved_prompt_braces_are_text(alice: Any) -> None:
    assert Conversation(owner=alice, system_prompt="{{x}}").instructions() == "{{x}}"


def test_a_preset_holds_what_would_be_sent_and_ends_the_prompt_where_it_is_applied(
    alice: Any, prompt: Prompt
) -> None:
    conversation = Conversation(owner=alice, variables={"audience": "us"})
    conversation.use_prompt(prompt.newest)
    preset = Preset.keep(conversation, "Mine", system_prompt=True, for_new_chats=False)
    assert preset.system_prompt == "For us, in 9."
    preset.apply_to(conversation)
    assert (conversation.prompt_version, conversation.system_prompt) == (None, "For us, in 9.")


def test_a_preset_that_changes_no_text_leaves_the_prompt_alone(alice: Any, prompt: Prompt) -> None:
    conversation = Conversation(owner=alice)
    conversation.use_prompt(prompt.newest)
    Preset(owner=alice, name="Same", system_prompt=conversation.system_prompt).apply_to(conversation)
    assert conversation.prompt_version == prompt.newest


@pytest.mark.django_db(transaction=True)
def test_a_deleted_prompt_goes_when_no_conversation_needs_its_variables(alice: Any, prompt: Prompt) -> None:
    conversation = Conversation(owner=alice, variables={"audience": "us"})
    conversation.use_prompt(prompt.newest)
    conversation.save()
    Prompt.objects.update(deleted_at=timezone.now() - timedelta(days=1))
    clear_away()
    assert Conversation.objects.get().instructions() == "For us, in 9."
    assert Conversation.objects.get().prompt_version.newer is None
    conversation.delete()
    clear_away()
    assert not Prompt.objects.exists()

"""A comparison that is being prepared: by a link, by the pickers of its page. Nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest

from chat.comparisons.preparation import Prepared, another, from_link, from_page
from chat.models import Comparison, Conversation, LanguageModel, Preset, Provider

pytestmark = pytest.mark.django_db


def list_models(name: str, *models: str, **fields: Any) -> Provider:
    provider = Provider.objects.create(name=name, base_url=f"https://{name}.test/v1", **fields)
    for model in models:
        LanguageModel.objects.create(provider=provider, name=model, type="chat")
    return provider


@pytest.fixture
def here() -> Provider:
    return list_models("here", "a", "b", "org/c")


def models(prepared: Prepared) -> list[str]:
    return [conversation.model for conversation in prepared.conversations]


def nothing_is_stored() -> bool:
    return not Comparison.objects.exists() and not Conversation.objects.exists()


# By a link


def test_a_link_names_its_models_in_order(alice: Any, here: Provider) -> None:
    prepared = from_link(alice, "b,a,org/c", "Why?")
    assert models(prepared) == ["b", "a", "org/c"]
    assert {conversation.provider for conversation in prepared.conversations} == {here}
    assert (prepared.prompt, prepared.notes) == ("Why?", {})
    assert nothing_is_stored()


def test_one_model_may_stand_in_several_panes(alice: Any, here: Provider) -> None:
    prepared = from_link(alice, "a,a,a", "")
    assert models(prepared) == ["a", "a", "a"]
    assert len({conversation.pk for conversation in prepared.conversations}) == 3


def test_blanks_and_empty_names_are_passed_by(alice: Any, here: Provider) -> None:
    assert models(from_link(alice, " a ,,\n b,", "")) == ["a", "b"]


def test_without_models_there_are_two_panes_with_two_models(alice: Any, here: Provider) -> None:
    assert models(from_link(alice, "", "")) == ["a", "b"]
    assert models(from_link(alice, "b", "")) == ["b", "a"]
    assert models(from_link(alice, "a", "")) == ["a", "b"]


def test_where_no_provider_has_a_model_the_panes_are_empty(alice: Any) -> None:
    prepared = from_link(alice, "", "")
    assert models(prepared) == ["", ""]
    assert prepared.notes == {}


def test_a_model_that_no_list_has_is_left_to_choose(alice: Any, here: Provider) -> None:
    prepared = from_link(alice, "a,gone", "Why?")
    assert models(prepared) == ["a", ""]
    assert prepared.notes == {2: "No provider lists “gone”. Choose another model for pane 2."}


def test_seventeen_models_are_cut_to_sixteen_and_it_says_so(alice: Any, here: Provider) -> None:
    prepared = from_link(alice, ",".join(["a"] * 17), "")
    assert models(prepared) == ["a"] * 16
    assert prepared.notes == {
        0: "The link names 17 models, and a comparison has at most 16 panes: these are the first 16."
    }


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a\0b", "x" * 100_000, "%2C", "'; DROP TABLE", "\u202eevil", "a b"]
)
def test_a_hostile_name_is_one_that_no_list_has(alice: Any, here: Provider, name: str) -> None:
    prepared = from_link(alice, f"a,{name}", "")
    assert models(prepared) == ["a", ""]
    assert prepared.notes == {2: f"No provider lists “{name[:300]}”. Choose another model for pane 2."}


def test_a_hundred_thousand_names_cost_as_much_as_sixteen(
    alice: Any, here: Provider, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40):
        assert len(from_link(alice, "a," * 100_000, "").conversations) == 16


def test_the_words_are_taken_as_they_are(alice: Any, here: Provider) -> None:
    for text in ("<b>\r\n\u2028</textarea>", "\0", "x" * 100_000):
        assert from_link(alice, "a,b", text).prompt == text


def test_somebody_elses_model_is_not_there(alice: Any, bob: Any, here: Provider) -> None:
    list_models("bobs", "secret", owner=bob)
    prepared = from_link(alice, "a,secret", "")
    assert models(prepared) == ["a", ""]
    assert "secret" in prepared.notes[2]
    mine = list_models("mine", "secret", owner=alice)
    assert from_link(alice, "a,secret", "").conversations[1].provider == mine


def test_a_provider_that_was_removed_lists_nothing(alice: Any, here: Provider) -> None:
    list_models("away", "old", removed=True)
    assert models(from_link(alice, "a,old", "")) == ["a", ""]


def test_of_two_providers_the_one_that_one_has_had_for_longest_is_taken(alice: Any, here: Provider) -> None:
    later = list_models("later", "a")
    assert [each.provider for each in from_link(alice, "a,a", "").conversations] == [here, here]
    Provider.objects.filter(pk=later.pk).update(created_at=here.created_at - timedelta(days=1))
    assert [each.provider for each in from_link(alice, "a,a", "").conversations] == [later, later]


def test_panes_begin_with_the_preset_for_new_chats_and_share_nothing(alice: Any, here: Provider) -> None:
    Preset.objects.create(
        owner=alice, name="P", settings={"stop": ["END"]}, system_prompt="Be brief.", for_new_chats=True
    )
    one, two = from_link(alice, "a,b", "").conversations
    for conversation in (one, two):
        assert (conversation.settings, conversation.system_prompt) == ({"stop": ["END"]}, "Be brief.")
    one.settings["stop"].append("MORE")
    assert two.settings == {"stop": ["END"]}


# By the pickers


def test_the_pickers_say_which_models(alice: Any, here: Provider) -> None:
    prepared = from_page(alice, [(str(here.pk), "a"), (str(here.pk), " typed by hand "), ("", "")])
    assert models(prepared) == ["a", "typed by hand", ""]
    assert [each.provider for each in prepared.conversations] == [here, here, None]
    assert nothing_is_stored()


def test_many_pickers_cost_as_much_as_two(
    alice: Any, here: Provider, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        found = from_page(alice, [(str(here.pk), "a")] * 1_000).conversations
    assert len({id(each.settings) for each in found}) == len(found) == 1_000


@pytest.mark.parametrize("id", ["", "x", "\0", "01a1fbd3-e8c4-7642-ba49-f1ea415f5113"])
def test_a_provider_that_is_not_there_is_none(alice: Any, here: Provider, id: str) -> None:
    [conversation] = from_page(alice, [(id, "a")]).conversations
    assert conversation.provider is None


def test_somebody_elses_provider_is_none(alice: Any, bob: Any) -> None:
    theirs = list_models("bobs", "secret", owner=bob)
    [conversation] = from_page(alice, [(str(theirs.pk), "secret")]).conversations
    assert conversation.provider is None


def test_a_name_with_nul_can_be_stored(alice: Any, here: Provider) -> None:
    [conversation] = from_page(alice, [(str(here.pk), "a\0" + "x" * 1000)]).conversations
    conversation.save()
    assert conversation.model == "a\ufffd" + "x" * 298


# One more


def test_one_more_has_the_model_that_was_used_last_or_one_that_is_not_there_yet(
    alice: Any, here: Provider
) -> None:
    Conversation.objects.create(owner=alice, provider=here, model="b")
    beside: list[Conversation] = []
    for model in ("b", "a", "org/c", "b"):
        beside.append(another(alice, beside))
        assert beside[-1].model == model

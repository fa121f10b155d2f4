"""Linked panes: what is changed in one is changed in the linked others, and nothing else is."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from chat.comparisons.linking import edit
from chat.comparisons.panes import compare
from chat.models import Conversation, Pane, Prompt, PromptVersion

pytestmark = pytest.mark.django_db

KEYS = ("temperature", "top_p", "seed", "stop", "max_tokens")
Settings = dict[str, Any]


def panes_with(owner: Any, *settings: Settings, **fields: Any) -> list[Pane]:
    rows = [Conversation(owner=owner, settings=each, **fields) for each in settings]
    return compare(owner, rows).shown_panes()


def unlink(pane: Pane, *links: str) -> None:
    for link in links:
        setattr(pane, f"linked_{link}", False)
    pane.save()


def to(settings: Settings) -> Callable[[Conversation], None]:
    def change(conversation: Conversation) -> None:
        conversation.settings = settings

    return change


def saying(text: str) -> Callable[[Conversation], None]:
    return lambda conversation: conversation.say(text)


def stored(panes: list[Pane]) -> list[Conversation]:
    return [Conversation.objects.get(pk=pane.conversation_id) for pane in panes]


def settings_of(panes: list[Pane]) -> list[Settings]:
    return [conversation.settings for conversation in stored(panes)]


def test_the_key_that_changed_changes_in_all_and_every_other_key_stays(alice: Any) -> None:
    panes = panes_with(
        alice, {"seed": 1, "temperature": 0.1}, {"seed": 2}, {"temperature": 0.9, "top_p": 0.5}
    )
    changed = edit(panes[0], panes, to({"seed": 1, "temperature": 0.7}))
    assert settings_of(panes) == [
        {"seed": 1, "temperature": 0.7},
        {"seed": 2, "temperature": 0.7},
        {"temperature": 0.7, "top_p": 0.5},
    ]
    assert changed == panes[1:]


def test_what_is_unset_in_one_is_unset_in_all(alice: Any) -> None:
    panes = panes_with(alice, {"seed": 1, "temperature": 0.1}, {"seed": 2, "temperature": 0.9}, {"seed": 3})
    edit(panes[0], panes, to({"seed": 1}))
    assert settings_of(panes) == [{"seed": 1}, {"seed": 2}, {"seed": 3}]


def test_what_was_not_set_and_a_null_are_two_things(alice: Any) -> None:
    panes = panes_with(alice, {}, {"extra": {"a": 1}})
    edit(panes[0], panes, to({"extra": None}))
    assert settings_of(panes) == [{"extra": None}, {"extra": None}]


def test_nothing_changed_is_nothing_shared(alice: Any) -> None:
    panes = panes_with(alice, {"seed": 1}, {"seed": 2})
    assert edit(panes[0], panes, to({"seed": 1})) == []
    assert settings_of(panes) == [{"seed": 1}, {"seed": 2}]


def test_a_pane_that_is_not_linked_gives_nothing_and_takes_nothing(alice: Any) -> None:
    panes = panes_with(alice, {"seed": 1}, {"seed": 2}, {"seed": 3})
    unlink(panes[2], "settings")
    assert edit(panes[0], panes, to({"seed": 9})) == [panes[1]]
    assert edit(panes[2], panes, to({"seed": 30})) == []
    assert settings_of(panes) == [{"seed": 9}, {"seed": 9}, {"seed": 30}]


@pytest.mark.parametrize("link", ["input", "scrolling"])
def test_other_links_have_no_say_in_it(alice: Any, link: str) -> None:
    panes = panes_with(alice, {}, {})
    unlink(panes[1], link)
    edit(panes[0], panes, to({"seed": 9}))
    assert settings_of(panes)[1] == {"seed": 9}


def test_the_system_prompt_is_linked_by_itself(alice: Any) -> None:
    panes = panes_with(alice, {}, {}, {})
    unlink(panes[1], "system_prompt")
    unlink(panes[2], "settings")

    def both(conversation: Conversation) -> None:
        conversation.say("Be brief.")
        conversation.settings = {"seed": 9}

    assert edit(panes[0], panes, both) == panes[1:]
    assert [row.system_prompt for row in stored(panes)] == ["Be brief.", "", "Be brief."]
    assert settings_of(panes) == [{"seed": 9}, {"seed": 9}, {}]


def test_a_pane_in_which_both_changed_is_told_of_once(alice: Any) -> None:
    panes = panes_with(alice, {}, {})

    def both(conversation: Conversation) -> None:
        conversation.say("Be brief.")
        conversation.settings = {"seed": 9}

    assert edit(panes[0], panes, both) == [panes[1]]


def test_a_saved_prompt_comes_with_its_values(alice: Any) -> None:
    version: PromptVersion = Prompt.objects.create(owner=alice, name="P").save_version("Hi {{name}}", [])
    panes = panes_with(alice, {}, {})

    def change(conversation: Conversation) -> None:
        conversation.use_prompt(version)
        conversation.variables = {"name": "Ada"}

    edit(panes[0], panes, change)
    for row in stored(panes):
        assert (row.prompt_version, row.system_prompt, row.variables) == (
            version,
            "Hi {{name}}",
            {"name": "Ada"},
        )
    edit(panes[1], panes, saying("Plain."))
    for row in stored(panes):
        assert (row.prompt_version, row.system_prompt, row.variables) == (None, "Plain.", {})


def test_prompts_that_differ_stay_different_until_one_is_changed(alice: Any) -> None:
    panes = panes_with(alice, {}, {}, {})
    for number, pane in enumerate(panes):
        pane.conversation.say(f"Prompt {number}")
        pane.conversation.save()
    edit(panes[0], panes, to({"seed": 1}))
    assert [row.system_prompt for row in stored(panes)] == ["Prompt 0", "Prompt 1", "Prompt 2"]
    edit(panes[2], panes, saying("All of you"))
    assert [row.system_prompt for row in stored(panes)] == ["All of you"] * 3


def test_models_and_budgets_are_each_panes_own(alice: Any) -> None:
    panes = panes_with(alice, {}, {}, model="m", budget=1.0)

    def change(conversation: Conversation) -> None:
        conversation.model, conversation.budget, conversation.settings = "other", 5.0, {"seed": 1}

    edit(panes[0], panes, change)
    assert [(row.model, row.budget) for row in stored(panes)] == [("other", 5.0), ("m", 1.0)]


def test_what_else_another_tab_changed_in_the_others_meanwhile_stays(alice: Any) -> None:
    panes = panes_with(alice, {"seed": 1}, {"seed": 2})
    there = Conversation.objects.filter(pk=panes[1].conversation_id)
    there.update(settings={"seed": 2, "top_p": 0.5}, title="Renamed", model="chosen", version=5)
    edit(panes[0], panes, to({"seed": 1, "temperature": 0.7}))
    row = there.get()
    assert row.settings == {"seed": 2, "top_p": 0.5, "temperature": 0.7}
    assert (row.title, row.model, row.version) == ("Renamed", "chosen", 5)


def test_what_the_same_tab_changes_in_one_pane_at_once_is_both_there(alice: Any) -> None:
    """The model in its head and a field in its drawer: both requests have read it before either is stored."""
    panes = panes_with(alice, {"seed": 1}, {"seed": 1}, model="m")
    late = panes[0].comparison.shown_panes()

    def choose(conversation: Conversation) -> None:
        conversation.model = "other"

    edit(panes[0], panes, to({"seed": 2}))
    edit(late[0], late, choose)
    assert [(row.model, row.settings) for row in stored(panes)] == [
        ("other", {"seed": 2}),
        ("m", {"seed": 2}),
    ]


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_set_and_linked_only_what_changed_moves_and_only_along_links(
    alice: Any, seed: int
) -> None:
    chance = random.Random(seed)

    def some() -> Settings:
        return {key: chance.choice([0, 1, [2], "x"]) for key in KEYS if chance.random() < 0.6}

    panes = panes_with(alice, *(some() for _ in range(chance.randint(2, 6))))
    for pane in panes:
        if chance.random() < 0.4:
            unlink(pane, "settings")
    before = settings_of(panes)
    place, wanted = chance.randrange(len(panes)), some()
    edit(panes[place], panes, to(wanted))
    moved = {key for key in KEYS if before[place].get(key, ...) != wanted.get(key, ...)}
    for number, (pane, was, now) in enumerate(zip(panes, before, settings_of(panes), strict=True)):
        takes_part = number == place or (pane.linked_settings and panes[place].linked_settings)
        for key in KEYS:
            source = wanted if takes_part and key in moved else was
            assert now.get(key, ...) == source.get(key, ...), (number, key)

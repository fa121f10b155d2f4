"""No pane ever knows what another one was told, by the bodies of the requests as the upstream got them."""

import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import pytest

from chat.comparisons import rounds
from chat.generation import run as running
from chat.generation.begin import Job
from chat.models import Pane, Provider
from chat.models.branch import Turn, path_to
from tests.upstream import Done, Finish, Head, Script, Upstream

from .asking import Browser, all_answered, visit
from .comparing import well
from .story import ASK, GIVE, Secrets, Story

pytestmark = pytest.mark.django_db(transaction=True)

# The package gives this name to its function.
beginning = import_module("chat.generation.begin")


@pytest.fixture
def tell(alice: Any, provider: Provider, upstream: Upstream) -> Callable[..., None]:
    """The story, with so many panes."""
    upstream.script(Script([Head(), Secrets(), Finish(), Done()]), repeat=True)

    def go(count: int, story: Callable[[Story], Awaitable[None]]) -> None:
        async def act(browser: Browser) -> None:
            told = Story(browser, upstream)
            await told.begin(provider, count)
            try:
                await story(told)
            finally:
                # Who shares messages breaks more than this, too.
                await all_answered()
                await told.check()

        visit(alice, act)

    return go


async def short(story: Story) -> None:
    """Two turns, with another answer and another question between."""
    await story.tell_all(GIVE)
    await story.ask_again(story.panes[0], 1)
    await story.edit_and_run(story.panes[-1], 0, f"{GIVE} Please.")
    await story.run_all()
    await story.tell_all(ASK)


async def long(story: Story) -> None:
    """Whatever can be done to panes."""
    await short(story)
    if len(story.panes) < 16:
        await story.copy(story.panes[0])
    await story.save(story.panes[0], 1, "No: it is secret-9000.")
    await story.tell_all(ASK)
    await story.move(story.panes[-1], 0)
    await story.run_all()
    await story.tell_one(story.panes[1], ASK)
    await story.run_one(story.panes[2])
    removed = story.panes[1]
    well(await story.tab.remove(removed))
    await story.tab.look()
    await story.tell_all(ASK)
    well(await story.tab.bring_back(removed))
    unlinked = story.panes[0]
    well(await story.tab.link(unlinked, "input", False))
    await story.tab.look()
    await story.tell_all(ASK)
    await story.edit_and_run(story.panes[1], 0, GIVE)
    await story.ask_again(story.panes[2], 3)
    well(await story.tab.link(unlinked, "input", True))
    await story.tab.look()
    await story.tell_all(ASK)


@pytest.mark.parametrize("count", range(2, 17))
def test_each_pane_knows_its_own_secret_and_no_other(tell: Callable[..., None], count: int) -> None:
    tell(count, short)


@pytest.mark.parametrize("count", [2, 4, 16])
def test_so_it_stays_whatever_is_done_to_panes(tell: Callable[..., None], count: int) -> None:
    tell(count, long)


# The proof of the proof: who shares anything is found out


def all_go_on_with_what_the_first_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one feeds a model's answer to all of them."""
    real, kept = beginning.turns_to, {}

    def turns_to(tip: Any) -> Any:
        turns = real(tip)
        return kept.setdefault(json.dumps(turns[-1]), turns) if len(turns) > 1 else turns

    monkeypatch.setattr(beginning, "turns_to", turns_to)


def all_hang_on_the_branch_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rounds.send_to

    def send_to(comparison: Any, panes: list[Pane], shown: Any, text: str, **more: Any) -> list[Job]:
        first = shown[panes[0].conversation_id]
        return real(comparison, panes, dict.fromkeys(shown, first), text, **more)

    monkeypatch.setattr("chat.views.rounds.send_to", send_to)


def all_show_the_answer_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one shows one model's text in all panes."""
    real, kept = running.save_messages, []

    def save_messages(drafts: Any) -> None:
        for draft in drafts:
            kept.append(draft.fields)
            draft.fields[:] = kept[0]
        real(drafts)

    monkeypatch.setattr(running, "save_messages", save_messages)


def all_have_one_object_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rounds.send_to

    def send_to(comparison: Any, panes: list[Pane], shown: Any, text: str, **more: Any) -> list[Job]:
        for pane in panes:
            pane.conversation.settings = panes[0].conversation.settings
        return real(comparison, panes, shown, text, **more)

    monkeypatch.setattr("chat.views.rounds.send_to", send_to)


def copies_hear_what_becomes_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    def turns_to(tip: Any) -> Any:
        return [Turn(said.role, (said.copy_of or said).parts, said.tool_calls) for said in path_to(tip)]

    monkeypatch.setattr(beginning, "turns_to", turns_to)


@pytest.mark.parametrize(
    ("mutant", "found"),
    [
        (all_go_on_with_what_the_first_said, "another pane's secret"),
        (all_hang_on_the_branch_of_the_first, "another pane's secret"),
        (all_show_the_answer_of_the_first, "another pane's secret"),
        (all_have_one_object_of_settings, "another pane's settings"),
        (copies_hear_what_becomes_of_the_original, "another pane's secret"),
    ],
)
def test_who_shares_anything_is_found_out(
    tell: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    mutant: Callable[[pytest.MonkeyPatch], None],
    found: str,
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        tell(4, long)

"""Blind rounds begun, voted on and revealed: once, by whichever tab comes first."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from chat.comparisons.blind import cast_vote, reveal
from chat.models import (
    Comparison,
    Conversation,
    Pane,
    Provider,
    Vote,
)
from tests.upstream import Upstream

from .asking import Browser, all_answered, visit, words_in
from .comparing import Tab, at_once, well
from .hiding import (
    LISTED,
    TOLD,
    Round,
    models_of,
    reply_in_full,
    secrets_in,
    source,
)
from .sockets import Page
from .sockets import visit as listen

pytestmark = pytest.mark.django_db(transaction=True)


def address_of(comparison: Comparison, what: str = "") -> str:
    return f"/compare/{comparison.pk}/{what}/" if what else f"/compare/{comparison.pk}/"


def test_the_button_opens_a_round_of_the_same_panes_once(alice: Any, zoo: dict[str, Provider]) -> None:
    open_one, command = source(alice, zoo), uuid4()

    async def act(browser: Browser) -> list[str]:
        path = address_of(open_one, "blind")
        both = await at_once(*(browser.command(path, command=command) for _ in range(2)))
        return [well(response)["HX-Redirect"] for response in both]

    first, second = visit(alice, act)
    round = Comparison.objects.get(blind=True)
    assert first == second == address_of(round)
    assert sorted(models_of(round)) == sorted(models_of(open_one))
    assert Conversation.objects.filter(blind=True).count() == 3


def test_the_button_pressed_once_more_after_the_round_was_deleted_opens_nothing(
    alice: Any, zoo: dict[str, Provider]
) -> None:
    open_one, command = source(alice, zoo), uuid4()

    async def act(browser: Browser) -> int:
        path = address_of(open_one, "blind")
        round = well(await browser.command(path, command=command))["HX-Redirect"]
        well(await browser.post(f"{round}deletion/"))
        return (await browser.command(path, command=command)).status_code

    assert visit(alice, act) == 404
    assert Comparison.objects.filter(blind=True).count() == 1


def test_panes_that_are_alike_are_told_in_words(alice: Any, zoo: dict[str, Provider]) -> None:
    open_one = source(alice, zoo)
    Conversation.objects.update(provider=zoo["Zanzibar"], model="zebra-9-large")

    async def act(browser: Browser) -> None:
        response = await browser.command(address_of(open_one, "blind"))
        assert response.status_code == 422
        assert "nothing to choose between" in words_in(response)

    visit(alice, act)


async def vote(browser: Browser, round: Round, best: Any, **more: Any) -> Any:
    best = best if isinstance(best, str) else round.panes[best].pk
    return await browser.command(address_of(round.comparison, "vote"), best=best, **more)


def test_a_vote_reveals_and_is_told(alice: Any, alices: Client, hidden: Round) -> None:
    async def act(browser: Browser) -> None:
        assert well(await vote(browser, hidden, 1, tag=" code "))["HX-Redirect"] == address_of(
            hidden.comparison
        )

    visit(alice, act)
    chosen = hidden.panes[1].conversation
    cast = Vote.objects.get(comparison=hidden.comparison)
    assert (cast.best, cast.tag) == (1, "code")
    assert cast.contestants[1] == {"model": chosen.model, "provider": chosen.provider.name}
    words = words_in(alices.get(address_of(hidden.comparison)))
    assert f"You chose Answer B: {chosen.model} {chosen.provider.name} code" in words


@pytest.mark.parametrize(
    ("best", "words"), [("tie", "You found it a tie."), ("", "Revealed without a vote.")]
)
def test_a_tie_and_no_vote_are_told_too(
    alice: Any, alices: Client, hidden: Round, best: str, words: str
) -> None:
    async def act(browser: Browser) -> None:
        if best:
            well(await vote(browser, hidden, best))
        else:
            well(await browser.post(address_of(hidden.comparison, "reveal")))

    visit(alice, act)
    assert words in words_in(alices.get(address_of(hidden.comparison)))
    assert Vote.objects.filter(comparison=hidden.comparison).count() == bool(best)


def test_another_round_keeps_the_tag(alice: Any, alices: Client, hidden: Round) -> None:
    cast_vote(hidden.comparison, None, "long & hard")

    async def act(browser: Browser) -> str:
        return str(well(await browser.command(address_of(hidden.comparison, "blind")))["HX-Redirect"])

    path = visit(alice, act)
    assert path.endswith("/?tag=long+%26+hard")
    page = alices.get(path).content.decode()
    assert 'value="long &amp; hard"' in page
    assert "Which answer is better?" in page
    assert Comparison.objects.filter(blind=True, revealed_at=None).count() == 1


def test_of_two_tabs_that_vote_at_once_one_is_told_so(alice: Any, hidden: Round) -> None:
    async def act(browser: Browser) -> list[Any]:
        return list(await at_once(*(vote(browser, hidden, best) for best in (0, 1, "tie", 2))))

    replies = visit(alice, act)
    won = [number for number, response in enumerate(replies) if response.status_code == 204]
    assert len(won) == 1
    cast = Vote.objects.get(comparison=hidden.comparison)
    assert cast.best == (0, 1, None, 2)[won[0]]
    told = "a tie" if cast.best is None else f"for Answer {'ABC'[cast.best]}"
    for number, response in enumerate(replies):
        if number not in won:
            assert response.status_code == 409
            assert f"You have voted already{':' if cast.best is None else ','} {told}." in words_in(response)
            assert f'href="{address_of(hidden.comparison)}"' in response.content.decode()


def test_a_vote_that_arrives_twice_is_one(alice: Any, hidden: Round) -> None:
    command = uuid4()

    async def act(browser: Browser) -> list[Any]:
        return list(await at_once(*(vote(browser, hidden, 0, command=command) for _ in range(3))))

    assert {response.status_code for response in visit(alice, act)} == {204}
    assert Vote.objects.filter(comparison=hidden.comparison).count() == 1


def test_who_votes_after_a_reveal_elsewhere_is_told_so(alice: Any, hidden: Round) -> None:
    reveal(hidden.comparison)

    async def act(browser: Browser) -> None:
        for response in (
            await vote(browser, hidden, 0),
            await browser.post(address_of(hidden.comparison, "reveal")),
        ):
            assert response.status_code == 409
            assert "This round was revealed already, without a vote. See which is which" in words_in(response)

    visit(alice, act)
    assert not Vote.objects.filter(comparison=hidden.comparison)


@pytest.mark.parametrize("best", ["", "A", "0", "x" * 300, str(UUID(int=7))])
def test_a_vote_for_nothing_is_refused_and_hides_on(alice: Any, hidden: Round, best: str) -> None:
    async def act(browser: Browser) -> None:
        assert (await vote(browser, hidden, best)).status_code == 422
        assert (await browser.post(address_of(hidden.comparison, "vote"), best="tie")).status_code == 422
        assert (await vote(browser, hidden, "tie", tag="x" * 81)).status_code == 422

    visit(alice, act)
    assert Comparison.objects.get(pk=hidden.comparison.pk).hides
    assert not Vote.objects.filter(comparison=hidden.comparison)


def test_a_comparison_that_hides_nothing_takes_no_vote(alice: Any, zoo: dict[str, Provider]) -> None:
    open_one = source(alice, zoo)

    async def act(browser: Browser) -> None:
        for what in ("vote", "reveal"):
            response = await browser.command(address_of(open_one, what), best="tie")
            assert (response.status_code, words_in(response)) == (409, "This comparison hides nothing.")

    visit(alice, act)


def test_other_tabs_hear_of_the_reveal(alice: Any, hidden: Round) -> None:
    pane = hidden.panes[0]

    async def act(page: Page) -> None:
        await page.say(type="follow", conversation=pane.conversation_id, version=pane.conversation.version)
        await page.say(type="follow", comparison=hidden.comparison.pk, version=hidden.comparison.version)
        browser = await Browser().sign_in(alice)
        await page.is_alive()
        well(await browser.post(address_of(hidden.comparison, "reveal")))
        kinds = {tuple(sorted(await page.hear())) for _ in range(2)}
        assert kinds == {("conversation", "type", "version"), ("comparison", "type", "version")}

    listen(alice, act)


def test_a_page_that_is_behind_can_go_on_after_the_reveal(
    alice: Any, askable: Comparison, upstream: Upstream
) -> None:
    """It knows no models, and what is sent goes to those that are there."""

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, askable).look()
        await sync_to_async(reveal)(askable)
        shown = {f"shown:{pane.key}": "" for pane in tab.panes}
        response = await browser.command(f"{tab.address}messages/", message="Hello", **shown)
        assert response.status_code == 200
        await all_answered()

    visit(alice, act)
    assert len(upstream.requests) == 3


def test_deleted_and_brought_back_it_hides_on(alice: Any, alices: Client, hidden: Round) -> None:
    async def act(browser: Browser) -> None:
        for method in (browser.post, browser.delete):
            well(await method(address_of(hidden.comparison, "deletion")))

    visit(alice, act)
    page = alices.get(address_of(hidden.comparison))
    assert "Which answer is better?" in words_in(page)
    assert secrets_in(reply_in_full(page), [*LISTED, *TOLD, *hidden.figures]) == []
    assert Pane.objects.filter(comparison=hidden.comparison, removed_at=None).count() == 3

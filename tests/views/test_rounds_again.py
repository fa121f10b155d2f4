"""A round once more: all panes, or one alone."""

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import compare
from chat.models import Charge, Comparison, Conversation
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, changes_in, visit
from .comparing import Tab, bodies, said_to, stored, well

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_are_run_again_or_one_alone(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.link(tab.panes[2], "input", False))
        well(await tab.write(tab.panes[2], "Only here"))
        await tab.hears("Hello")
        response = well(await tab.run())
        changes = changes_in(response)
        assert len(changes.added) == 2
        assert {str(id) for id in changes.removed} == {tab.ends[pane.key] for pane in tab.panes[:2]}
        await all_answered()
        await tab.look()
        well(await tab.run(tab.panes[2]))
        await all_answered()
        assert said_to(upstream, "c") == ["Only here"]
        assert await tab.says() == [["Hello"] * 2, ["Hello"] * 2, ["Only here"] * 2]

    visit(comparison.owner, act)
    assert [len(bodies(upstream, model)) for model in "abc"] == [2, 2, 2]


def test_what_the_tab_shows_is_run_again(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        here, there = await Tab(browser, comparison).look(), Tab(browser, comparison)
        await here.hears("one")
        await there.look()
        await here.hears("two")
        well(await there.run())
        await all_answered()
        assert [said_to(upstream, model) for model in "abc"] == [["one"]] * 3

    visit(comparison.owner, act)


def test_nothing_is_run_again_where_nothing_was_asked_or_something_runs(
    comparison: Comparison, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream(gate, "Well"), model="c")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        response = await tab.run()
        assert (response.status_code, b"Nothing has been asked" in response.content) == (409, True)
        well(await tab.send("Hello"))
        await sync_to_async(gate.wait_until_reached)()
        await tab.look()
        before = await stored()
        response = await tab.run()
        assert (response.status_code, b"Pane 3: It is still answering" in response.content) == (409, True)
        assert await stored() == before
        gate.open()
        await all_answered()

    visit(comparison.owner, act)


def test_a_pane_of_another_comparison_is_not_run_here(comparison: Comparison, upstream: Upstream) -> None:
    owner = comparison.owner
    elsewhere = compare(owner, [Conversation(owner=owner), Conversation(owner=owner)]).shown_panes()[0]

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        assert (await tab.run(elsewhere)).status_code == 404
        assert (await browser.command(f"{tab.address}runs/", pane="x")).status_code == 422

    visit(owner, act)


def test_each_call_is_in_the_books_once(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        well(await tab.copy(tab.panes[0]))
        await tab.look()
        page = (await browser.get(tab.address)).content.decode()
        assert "3 answers" in page
        await tab.hears("Go on")
        assert await Charge.objects.acount() == 7
        assert "7 answers" in (await browser.get(f"{tab.address}figures/")).content.decode()

    visit(comparison.owner, act)

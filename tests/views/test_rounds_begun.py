"""What a round begins for every linked pane: the start of its answer, or a message that nobody is asked about."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Comparison
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, changes_in, visit, words_in
from .comparing import Tab, stored, well
from .continuing import as_shown

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_answer_of_every_linked_pane_begins_as_it_was_typed(
    comparison: Comparison, upstream: Upstream
) -> None:
    upstream.script(stream(" a time"), repeat=True)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.link(tab.panes[2], "input", False))
        id = uuid4()
        for _ in range(3):
            well(await tab.send("A tale", start="Once  upon", command=id))
        await all_answered()
        shown = [await as_shown(pane.conversation) for pane in tab.panes]
        assert shown == [["A tale", "Once  upon a time"]] * 2 + [[]]

    visit(comparison.owner, act)
    assert sorted(request.model for request in upstream.requests) == ["a", "b"]
    for request in upstream.requests:
        assert request.body["messages"][-1] == {"role": "assistant", "content": "Once  upon"}


@pytest.mark.parametrize("role", ["user", "assistant", "system"])
def test_a_message_is_added_to_every_linked_pane_and_nobody_is_asked(
    comparison: Comparison, upstream: Upstream, role: str
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        id = uuid4()
        replies = [well(await tab.send("Be kind", add=role, command=id)) for _ in range(2)]
        assert [len(changes_in(each).added) for each in replies] == [3, 3]
        assert await tab.says() == [["Be kind"]] * 3
        assert await stored() == (3, 0)
        await tab.look()
        await tab.hears("Hello")
        assert [said[:2] for said in await tab.says()] == [["Be kind", "Hello"]] * 3

    visit(comparison.owner, act)
    turns = [(each["role"], each["content"]) for each in upstream.requests[-1].body["messages"]]
    assert turns == [(role, "Be kind"), ("user", "Hello")]


def test_where_one_pane_still_answers_nothing_is_added_to_any(
    comparison: Comparison, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream(gate, "Well"), model="b")

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.write(tab.panes[1], "Slowly"))
        before = await stored()
        response = await (await tab.look()).send("Be kind", add="system")
        assert response.status_code == 409
        assert "Pane 2: It is still answering" in words_in(response)
        assert await stored() == before
        gate.open()
        await all_answered()

    visit(comparison.owner, act)


@pytest.mark.parametrize("more", [{"start": "Once"}, {"add": "assistant"}])
def test_in_a_blind_round_nothing_is_begun_or_added(
    alice: Any, askable: Comparison, upstream: Upstream, more: dict[str, str]
) -> None:
    async def act(browser: Browser) -> None:
        response = await (await Tab(browser, askable).look()).send("Hello", **more)
        assert response.status_code == 403
        assert "reveal it first" in words_in(response)

    visit(alice, act)
    assert upstream.requests == []

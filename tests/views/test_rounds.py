"""What is sent to all linked panes of a comparison: once, and to all or to none."""

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Comparison, Conversation, Prompt, Provider
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, branch, changes_in, visit
from .comparing import Tab, at_once, stored, well

pytestmark = pytest.mark.django_db(transaction=True)


# Sending


def test_a_message_goes_to_every_linked_pane(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        response = well(await tab.send("Hello"))
        added = changes_in(response).added
        shown = [[message.pk for message in await branch(pane.conversation)] for pane in tab.panes]
        assert added == [id for ids in shown for id in ids]
        page = response.content.decode()
        for pane in tab.panes:
            assert f'hx-target="#messages-{pane.conversation_id}"' in page
        versions = json.loads(response["HX-Trigger"])["round-changed"]["versions"]
        assert set(versions) == {pane.key for pane in tab.panes}
        for pane in tab.panes:
            now = await Conversation.objects.aget(pk=pane.conversation_id)
            assert versions[pane.key] == now.version
        await all_answered()
        assert await tab.says() == [["Hello", "Hello"]] * 3

    visit(comparison.owner, act)
    assert sorted(request.model for request in upstream.requests) == ["a", "b", "c"]
    comparison.refresh_from_db()
    assert comparison.title == "Hello"


def test_a_pane_whose_input_is_not_linked_hears_nothing(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        well(await tab.link(tab.panes[1], "input", False))
        await tab.hears("Hello")
        assert [len(said) for said in await tab.says()] == [2, 0, 2]
        well(await tab.link(tab.panes[0], "input", False))
        well(await tab.link(tab.panes[2], "input", False))
        for response in (await tab.send("Anybody?"), await tab.run()):
            assert response.status_code == 409
            assert "No pane is linked" in response.content.decode()

    visit(comparison.owner, act)
    assert sorted(request.model for request in upstream.requests) == ["a", "c"]


@pytest.mark.parametrize("how", ["one after the other", "at once"])
def test_one_form_sent_three_times_happens_once(comparison: Comparison, upstream: Upstream, how: str) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        id = uuid4()
        sent = [tab.send("once", command=id) for _ in range(3)]
        responses = await at_once(*sent) if how == "at once" else [await each for each in sent]
        await all_answered()
        assert len({tuple(changes_in(well(response)).added) for response in responses}) == 1
        assert await stored() == (6, 3)
        await tab.look()
        id = uuid4()
        again = [tab.run(command=id) for _ in range(3)]
        responses = await at_once(*again) if how == "at once" else [await each for each in again]
        await all_answered()
        assert all(well(response) for response in responses)
        assert await stored() == (9, 6)

    visit(comparison.owner, act)
    assert len(upstream.requests) == 6


def test_it_is_the_same_form_though_another_tab_has_added_or_removed_panes_since(
    comparison: Comparison, upstream: Upstream
) -> None:
    """The reply was lost on its way, so the page sends the form again."""

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        id = uuid4()
        well(await tab.send("once", command=id))
        await all_answered()
        well(await tab.add())
        well(await tab.remove(tab.panes[0]))
        well(await tab.send("once", command=id))
        assert await stored() == (6, 3)

    visit(comparison.owner, act)
    assert len(upstream.requests) == 3


def test_one_id_for_two_things_is_refused(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        id = uuid4()
        await tab.send("one", command=id)
        await all_answered()
        assert (await tab.send("two", command=id)).status_code == 409
        await tab.look()
        assert (await tab.send("one", command=id)).status_code == 409, "below something else"
        assert await stored() == (6, 3)

    visit(comparison.owner, act)


# All or nothing


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        ("no model", 422, "Pane 2: Choose a model first"),
        ("no such provider", 422, "Pane 2: Choose a model first"),
        ("no provider at all", 422, "Pane 2: Enter a valid UUID"),
        ("over budget", 409, "Pane 2: Not sent, to keep the budget"),
        ("placeholder", 422, "Pane 2: name has no value."),
        ("running", 409, "Pane 2: It is still answering"),
    ],
)
def test_where_one_pane_cannot_take_it_none_does(
    comparison: Comparison, provider: Provider, upstream: Upstream, trouble: str, status: int, words: str
) -> None:
    gate = Gate()
    upstream.script(stream(gate, "Well"), model="b")
    _, second, _ = comparison.shown_panes()
    more: dict[str, Any] = {}
    if trouble == "no model":
        Conversation.objects.filter(pk=second.conversation_id).update(model="", provider=None)
    elif trouble == "no such provider":
        more = {f"provider:{second.key}": str(uuid4())}
    elif trouble == "no provider at all":
        more = {f"provider:{second.key}": "x"}
    elif trouble == "over budget":
        provider.language_models.create(name="b", type="chat", price_input=1, price_output=1)
        Conversation.objects.filter(pk=second.conversation_id).update(budget=0.0)
    elif trouble == "placeholder":
        version = Prompt.objects.create(owner=comparison.owner, name="P").save_version("Hi {{name}}", [])
        version.variables = [{"name": "name", "type": "text", "default": "", "required": True, "choices": []}]
        version.save()
        second.conversation.use_prompt(version)
        second.conversation.save()

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        if trouble == "running":
            well(await tab.write(tab.panes[1], "wait"))
            await sync_to_async(gate.wait_until_reached)()
            await tab.look()
        before, requests = await stored(), len(upstream.requests)
        response = await tab.send("Hello", **more)
        assert response.status_code == status
        assert words in response.content.decode()
        assert await stored() == before
        assert (await Comparison.objects.aget()).title == ""
        assert len(upstream.requests) == requests
        gate.open()
        await all_answered()

    visit(comparison.owner, act)


@pytest.mark.parametrize("text", ["", "  \n ", "a\0b", "x" * 2_000_001])
def test_words_that_cannot_be_sent_are_refused(comparison: Comparison, upstream: Upstream, text: str) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        assert (await tab.send(text)).status_code == 422
        assert await stored() == (0, 0)

    visit(comparison.owner, act)


def test_what_the_page_shows_must_be_of_the_pane(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        await tab.hears("Hello")
        first, second, _ = tab.panes
        of_another = {f"shown:{first.key}": tab.ends[second.key]}
        assert (await tab.send("mixed", **of_another)).status_code == 404
        assert (await tab.send("none", **{f"shown:{first.key}": str(uuid4())})).status_code == 404
        assert (await tab.send("odd", **{f"shown:{first.key}": "x"})).status_code == 422
        assert (await tab.send("odd", command="x")).status_code == 422
        assert (await tab.send("odd", settings_of="x")).status_code == 422
        assert await stored() == (6, 3)

    visit(comparison.owner, act)

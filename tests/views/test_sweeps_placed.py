"""What becomes of the panes of a comparison, and of a chat, when a sweep is run there."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import (
    Comparison,
    Conversation,
    LanguageModel,
    Message,
    Provider,
)
from tests.experiments.test_sweeps import (
    assert_only,
)
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, generations, talk, texts, visit
from .sweeping import beside, refusal_in, sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def comparison(conversation: Conversation) -> Comparison:
    return beside(conversation)


def test_panes_stand_beside_the_one_they_vary_in_the_order_of_the_values(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    conversation.settings = {"seed": 5}
    conversation.save()

    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One", "Two")
        assert (await sweep(browser, comparison, conversation)).status_code == 204
        await all_answered()
        panes = await sync_to_async(comparison.shown_panes)()
        assert [pane.conversation.settings for pane in panes] == [
            {"seed": 5, "temperature": 0.0}, {"seed": 5, "temperature": 0.5}, {"seed": 5, "temperature": 1.0}, {},
        ]  # fmt: skip
        assert [pane.linked_settings for pane in panes] == [False, False, False, True]
        assert all(pane.linked_input and pane.linked_system_prompt for pane in panes)
        for pane in panes[:3]:
            assert await texts(pane.conversation) == ["One", "One", "Two", "Two"]
        # The pane that was varied has its first answer still, beside the new one.
        question, answer = asked[2], asked[3]
        first = [m async for m in Message.objects.filter(parent=question).order_by("pk")]
        assert (first[0].pk, len(first)) == (answer.pk, 2)
        assert not any(pane.conversation.listed for pane in panes[1:3])

    visit(conversation.owner, act)


def test_before_anything_is_asked_panes_are_set_up_and_the_next_message_runs_them(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        assert (await sweep(browser, comparison, conversation, values="0\n\n1")).status_code == 204
        assert upstream.requests == []
        panes = await sync_to_async(comparison.shown_panes)()
        assert [pane.conversation.settings for pane in panes] == [
            {"temperature": 0.0}, {}, {"temperature": 1.0}, {},
        ]  # fmt: skip
        for pane in panes[:3]:
            await talk(browser, pane.conversation, "Now")

    visit(conversation.owner, act)
    assert_only({"temperature"}, [each.body for each in upstream.requests])


def test_alternatives_leave_the_settings_alone_and_the_first_of_them_is_shown(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    conversation.settings = {"temperature": 0.7}
    conversation.save()

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        response = await sweep(
            browser,
            comparison,
            conversation,
            kind="system_prompt",
            value=["Be A.", "Be B."],
            **{"as": "alternatives"},
        )
        assert response.status_code == 204
        await all_answered()
        stored = await Conversation.objects.aget(pk=conversation.pk)
        assert (stored.settings, stored.system_prompt) == ({"temperature": 0.7}, "")
        shown = (await branch(conversation))[-1]
        calls = [each.request["messages"][0]["content"] for each in await generations()]
        assert calls == ["One", "Be A.", "Be B."]
        assert shown.generation_id == (await generations())[1].pk
        assert await sync_to_async(comparison.panes.count)() == 2

    visit(conversation.owner, act)


def test_a_sweep_in_a_chat_goes_below_the_question_that_the_page_shows(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One", "Two")
        form = {"kind": "parameter", "parameter": "seed", "values": "1,2"}
        address = f"/c/{conversation.pk}/sweep/"
        assert (await browser.command(address, shown=asked[1].pk, **form)).status_code == 204
        await all_answered()
        assert await texts(conversation) == ["One", "One"]
        assert (await browser.command(address, shown=uuid4(), **form)).status_code == 404

    visit(conversation.owner, act)


def test_where_more_than_the_model_would_differ_it_is_said_and_can_be_run_anyway(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    """Each provider has its own form for the same settings, and a model may have rejected one of them."""
    conversation.settings = {"temperature": 0.5}
    conversation.save()
    address = upstream.base_url.replace("127.0.0.1", "localhost")
    other = Provider.objects.create(name="Other", base_url=address, dialect="together")
    LanguageModel.objects.create(provider=conversation.provider, name="fixed").refuse("temperature", "")

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        here = f"{conversation.provider_id}:scripted"
        for models, keys in (
            ([here, f"{other.pk}:scripted"], "stream_options"),
            ([here, f"{conversation.provider_id}:fixed"], "temperature"),
        ):
            response = await sweep(browser, comparison, conversation, kind="model", of_model=models)
            assert response.status_code == 422
            assert f"More than the model would differ: {keys}." in refusal_in(response)
            form = {"kind": "model", "of_model": models, "anyway": "on", "as": "alternatives"}
            assert (await sweep(browser, comparison, conversation, **form)).status_code == 204
            await all_answered()
        calls = await generations()
        assert [call.provider_name for call in calls][1:] == ["Scripted", "Other", "Scripted", "Scripted"]
        assert [call.request.get("temperature") for call in calls][1:] == [0.5, 0.5, 0.5, None]

    visit(conversation.owner, act)


def test_one_model_at_two_providers_is_a_sweep(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    address = upstream.base_url.replace("127.0.0.1", "localhost")
    other = Provider.objects.create(name="Other", base_url=address, dialect="openai")

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        models = [f"{conversation.provider_id}:scripted", f"{other.pk}:scripted"]
        response = await sweep(browser, comparison, conversation, kind="model", of_model=models)
        assert response.status_code == 204, response.content
        await all_answered()
        assert [call.provider_name for call in await generations()][1:] == ["Scripted", "Other"]

    visit(conversation.owner, act)


def test_the_same_command_twice_is_one_sweep(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    command = uuid4()

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        both = [sweep(browser, comparison, conversation, command=command) for _ in range(2)]
        assert {response.status_code for response in await asyncio.gather(*both)} == {204}
        await all_answered()
        again = await sweep(browser, comparison, conversation, command=command, values="0,1")
        assert again.status_code == 409

    visit(conversation.owner, act)
    assert len(comparison.shown_panes()) == 4
    assert len(upstream.requests) == 4

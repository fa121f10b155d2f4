"""What a sweep cannot be: each is said, and nothing is changed. And what there is to choose from."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.panes import compare
from chat.models import Budget, Comparison, Conversation, LanguageModel, Prompt, Provider
from chat.models.copying import copy_settings
from chat.sampling import PARAMETERS
from tests.experiments.test_sweeps import (
    speak,
)
from tests.upstream import Hang, Head, Script, Upstream

from .asking import Browser, talk, visit
from .sweeping import as_it_is, beside, refusal_in, sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def comparison(conversation: Conversation) -> Comparison:
    return beside(conversation)


# What cannot be done


def test_more_panes_than_there_may_be_are_none(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    values = "\n".join(f"0.{number:02}" for number in range(16))
    before = as_it_is(comparison)

    async def act(browser: Browser) -> None:
        response = await sweep(browser, comparison, conversation, values=values)
        assert response.status_code == 422
        assert "That would be 17 panes, and a comparison has at most 16" in refusal_in(response)
        assert "there is room for 15 values" in refusal_in(response)

    visit(conversation.owner, act)
    assert as_it_is(comparison) == before


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"parameter": "heat"}, "There is no parameter of this name"),
        ({"parameter": ""}, "There is no parameter of this name"),
        ({"values": "0\nwarm"}, "“warm” cannot be: Temperature must be a number"),
        ({"values": "0, 3"}, "“3” cannot be: Temperature must be from 0 to 2"),
        ({"values": "0\n0.0"}, "“0” stands here twice"),
        ({"values": ""}, "at least two values"),
        ({"kind": "weather"}, "Choose what the sweep varies"),
        ({"kind": ""}, "Choose what the sweep varies"),
        ({"command": "x"}, "This form has no valid id"),
        ({"kind": "system_prompt", "value": ["a", "b\0"]}, "NUL character"),
        ({"kind": "model", "of_model": ["x:y", "z"]}, "The provider of y is no longer there"),
        ({"kind": "model", "of_model": ["", ""]}, "Choose models of the list"),
        ({"kind": "model", "of_model": ["x:y\0", "x:y"]}, "Choose models of the list"),
        ({"kind": "model", "of_model": ["x:" + "y" * 301, "x:y"]}, "Choose models of the list"),
        (
            {"kind": "prompt_version", "version": ["x", str(uuid4())]},
            "2 of these versions are no longer there",
        ),
        ({"kind": "prompt_version"}, "at least two values"),
        ({"parameter": "min_p", "values": "0, 1"}, "no request would differ"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    conversation: Conversation, comparison: Comparison, form: dict[str, Any], words: str
) -> None:
    speak(conversation, "mistral")
    before = as_it_is(comparison)

    async def act(browser: Browser) -> None:
        response = await sweep(browser, comparison, conversation, **form)
        assert response.status_code == 422
        assert words in refusal_in(response)

    visit(conversation.owner, act)
    assert as_it_is(comparison) == before


def test_a_pane_that_another_tab_has_removed_is_named(conversation: Conversation) -> None:
    comparison = compare(
        conversation.owner, [conversation, copy_settings(conversation), copy_settings(conversation)]
    )
    gone = comparison.shown_panes()[1]
    gone.remove()

    async def act(browser: Browser) -> None:
        for conversation_id in (gone.conversation_id, uuid4(), ""):
            missing = Conversation(pk=conversation_id)
            response = await sweep(browser, comparison, missing)
            assert response.status_code == 404
            assert "This pane is no longer there" in refusal_in(response)

    visit(conversation.owner, act)


@pytest.mark.parametrize("way", ["panes", "alternatives"])
def test_a_pane_that_is_answering_is_left_alone(
    conversation: Conversation, comparison: Comparison, upstream: Upstream, way: str
) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "One")
        response = await sweep(browser, comparison, conversation, **{"as": way})
        assert response.status_code == 409
        assert "still answering" in refusal_in(response)
        assert await sync_to_async(comparison.panes.count)() == 2

    visit(conversation.owner, act)


def test_alternatives_to_nothing_are_refused(conversation: Conversation, comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        response = await sweep(browser, comparison, conversation, **{"as": "alternatives"})
        assert response.status_code == 409
        assert "Nothing has been asked here yet" in refusal_in(response)

    visit(conversation.owner, act)


def test_over_a_budget_none_of_it_is_sent(
    conversation: Conversation, comparison: Comparison, upstream: Upstream
) -> None:
    """Not even those that the budget would still have let through."""

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "One")
        before = await sync_to_async(as_it_is)(comparison)
        await LanguageModel.objects.filter(name="scripted").aupdate(price_input=1000, price_output=1000)
        await Budget.objects.acreate(owner=conversation.owner, per_day=0.02)
        response = await sweep(browser, comparison, conversation, values="0,0.1,0.2,0.3,0.4,0.5,0.6,0.7")
        assert response.status_code == 409
        assert "Not sent, to keep the budget" in refusal_in(response)
        assert await sync_to_async(as_it_is)(comparison) == before

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1


def test_a_blind_round_is_not_swept(conversation: Conversation, comparison: Comparison) -> None:
    Comparison.objects.filter(pk=comparison.pk).update(blind=True)
    Conversation.objects.filter(pk=conversation.pk).update(blind=True)

    async def act(browser: Browser) -> None:
        posted = await sweep(browser, comparison, conversation)
        chat = f"/c/{conversation.pk}/sweep/"
        form = {"kind": "parameter", "parameter": "seed", "values": "1,2"}
        for response in (
            posted,
            await browser.get(f"/compare/{comparison.pk}/sweep/"),
            await browser.command(chat, **form),
            await browser.get(chat),
        ):
            assert response.status_code == 403
            assert "This is a blind round: reveal it first." in refusal_in(response)
            assert "scripted" not in response.content.decode()

    visit(conversation.owner, act)


# What there is to choose from


def test_the_fields_name_the_panes_and_every_parameter(
    conversation: Conversation, comparison: Comparison, as_user: Any
) -> None:
    page = as_user(conversation.owner).get(f"/compare/{comparison.pk}/sweep/").content.decode()
    assert f'<option value="{conversation.pk}">Pane 1: scripted</option>' in page
    for parameter in PARAMETERS:
        assert f'<option value="{parameter.name}" data-kind="{parameter.kind}">' in page
    chat = as_user(conversation.owner).get(f"/c/{conversation.pk}/sweep/").content.decode()
    assert "Pane 1" not in chat
    assert 'name="as"' not in chat


def test_models_and_versions_come_when_they_are_asked_for(
    conversation: Conversation, comparison: Comparison, as_user: Any, bob: Any
) -> None:
    prompt = Prompt.objects.create(owner=conversation.owner, name="Helper")
    [first, second] = [prompt.save_version(text, []) for text in ("A", "B")]
    client, address = as_user(conversation.owner), f"/compare/{comparison.pk}/sweep/"
    models = client.get(address, {"part": "models"}).content.decode()
    assert f'value="{conversation.provider_id}:scripted"' in models
    versions = client.get(address, {"part": "versions", "prompt": prompt.pk}).content.decode()
    assert versions.index(str(second.pk)) < versions.index(str(first.pk))
    strange = Prompt.objects.create(owner=bob, name="His")
    for id in (strange.pk, uuid4(), "x", ""):
        assert client.get(address, {"part": "versions", "prompt": id}).status_code == 404


def test_versions_and_providers_of_somebody_else_are_none(
    conversation: Conversation, comparison: Comparison, bob: Any
) -> None:
    prompt = Prompt.objects.create(owner=bob, name="His")
    versions = [prompt.save_version(text, []).pk for text in ("A", "B")]
    provider = Provider.objects.create(name="His", base_url="https://his.test/v1", owner=bob)

    async def act(browser: Browser) -> None:
        response = await sweep(browser, comparison, conversation, kind="prompt_version", version=versions)
        assert "2 of these versions are no longer there" in refusal_in(response)
        models = [f"{provider.pk}:a", f"{provider.pk}:b"]
        response = await sweep(browser, comparison, conversation, kind="model", of_model=models)
        assert "The provider of a is no longer there" in refusal_in(response)

    visit(conversation.owner, act)

"""Sweeps over HTTP: what arrives differs in one key."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.models import Conversation, Prompt
from chat.placeholders import Variable
from chat.sampling import BY_NAME
from tests.experiments.test_sweeps import (
    SENT,
    assert_only,
    differing,
    key_of,
    settings_beside,
    speak,
    typed_values,
)
from tests.upstream import Upstream

from .asking import Browser, all_answered, talk, visit
from .sweeping import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["panes", "alternatives", "a chat"])
def swept(request: pytest.FixtureRequest, conversation: Conversation, upstream: Upstream) -> Any:
    """Runs a sweep over two questions that were answered, and gives the bodies that arrived."""

    def run(**form: Any) -> list[dict[str, Any]]:
        way = request.param

        async def act(browser: Browser) -> None:
            await talk(browser, conversation, "One", "Two")
            comparison = await sync_to_async(beside)(conversation)
            before = len(upstream.requests)
            address = f"/c/{conversation.pk}/" if way == "a chat" else f"/compare/{comparison.pk}/"
            more = {} if way == "a chat" else {"as": way, "conversation": conversation.pk}
            response = await browser.command(f"{address}sweep/", **more, **form)
            assert response.status_code == 204, response.content.decode()
            assert response["HX-Redirect"] == address
            await all_answered()
            del upstream.requests[:before]

        visit(conversation.owner, act)
        return [each.body for each in upstream.requests]

    return run


def in_order(bodies: list[dict[str, Any]], key: str) -> list[Any]:
    return sorted((body.get(key) for body in bodies), key=json.dumps)


@pytest.mark.parametrize(("name", "dialect"), SENT)
def test_a_sweep_over_any_parameter(conversation: Conversation, swept: Any, name: str, dialect: str) -> None:
    parameter = BY_NAME[name]
    speak(conversation, dialect)
    conversation.settings = settings_beside(parameter)
    conversation.save()
    values = typed_values(parameter)
    bodies = swept(kind="parameter", parameter=name, value=values)
    assert len(bodies) == len(values)
    assert_only(key_of(parameter, dialect), bodies)
    assert [each["content"] for each in bodies[0]["messages"]] == ["One", "One", "Two"]


def test_a_sweep_over_models(conversation: Conversation, swept: Any) -> None:
    provider = conversation.provider
    conversation.settings = {"temperature": 0.3}
    conversation.save()
    bodies = swept(kind="model", of_model=[f"{provider.pk}:{name}" for name in ("a", "b/c:free", "d")])
    assert_only({"model"}, bodies)
    assert in_order(bodies, "model") == ["a", "b/c:free", "d"]


def test_a_sweep_over_system_prompts(conversation: Conversation, swept: Any) -> None:
    bodies = swept(kind="system_prompt", value=["Be brief.", "Be {{long}}.\nVery.", "简短 ٪"])
    assert_only({"messages"}, bodies)
    first = [body["messages"][0] for body in bodies]
    assert sorted(each["content"] for each in first) == ["Be brief.", "Be {{long}}.\nVery.", "简短 ٪"]
    assert {each["role"] for each in first} == {"system"}
    assert not differing([{"rest": body["messages"][1:]} for body in bodies])


def test_no_system_prompt_is_a_value_too(swept: Any) -> None:
    with_one, without = sorted(
        swept(kind="system_prompt", value=["Be brief.", ""]), key=lambda body: -len(body["messages"])
    )
    assert_only({"messages"}, [with_one, without])
    assert with_one["messages"][1:] == without["messages"]


def test_a_sweep_over_versions_of_a_prompt(conversation: Conversation, swept: Any) -> None:
    prompt = Prompt.objects.create(owner=conversation.owner, name="Helper")
    versions = [
        prompt.save_version("Speak {{how}}.", [Variable("how")]),
        prompt.save_version("Answer {{how}}, please.", [Variable("how", default="at length")]),
        prompt.save_version("Say nothing.", []),
    ]
    conversation.use_prompt(versions[2])
    conversation.variables = {"how": "softly"}
    conversation.save()
    bodies = swept(kind="prompt_version", version=[version.pk for version in versions])
    assert_only({"messages"}, bodies)
    assert sorted(body["messages"][0]["content"] for body in bodies) == [
        "Answer softly, please.", "Say nothing.", "Speak softly.",
    ]  # fmt: skip
    assert not differing([{"rest": body["messages"][1:]} for body in bodies])

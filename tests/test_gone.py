"""What is gone while somebody still looks at it: a provider, a conversation that is answering."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat import catalogue
from chat.completions import Client
from chat.forms import SettingsForm
from chat.generation import engine
from chat.models import Conversation, Provider
from tests.generation.playing import begin, play, row_of
from tests.upstream import Hang, Head, Script, Upstream, reply

pytestmark = pytest.mark.django_db(transaction=True)


def chosen(conversation: Conversation, provider: object) -> tuple[Provider | None, str]:
    form = SettingsForm(conversation.owner, {"provider": str(provider), "model": "other"})
    assert form.is_valid()
    form.apply_to(conversation)
    return conversation.provider, conversation.model


def test_a_model_whose_provider_was_removed_is_not_replaced_by_the_one_before(
    conversation: Conversation,
) -> None:
    """The page shows the model of a provider that another tab removed: the old one must not answer in its place."""
    gone = Provider.objects.create(name="Gone", base_url="https://gone.test/v1", removed=True)
    assert chosen(conversation, gone.pk) == (None, "scripted")
    conversation.refresh_from_db()
    assert chosen(conversation, uuid4())[0] is None


def test_deleting_a_conversation_stops_what_runs_even_if_the_request_is_cut_off(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act() -> None:
        upstream.script(Script([Head(), Hang()]))
        id = await begin(conversation)
        await asyncio.to_thread(upstream.wait_for_requests, 1)
        await sync_to_async(conversation.delete_for_now)()
        await asyncio.wait_for(engine().tasks[id], 5)
        assert (await row_of(id)).status == "stopped"
        assert await asyncio.to_thread(upstream.wait_for_close, upstream.requests[0])

    play(act)


def test_a_provider_that_never_ends_its_list_holds_up_no_other(
    provider: Provider, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "SECONDS_FOR_A_LIST", 0.3)
    slow = Provider.objects.create(name="Slow", base_url=f"{upstream.base_url}/slow")
    upstream.script(Script([Head(), Hang()]), path="/v1/slow/models")
    upstream.script(reply(200, {"data": [{"id": "quick"}]}), path="/v1/models")

    async def act() -> Any:
        client = Client()
        try:
            await catalogue.refresh_stale(client)
        finally:
            await client.aclose()

    asyncio.run(act())
    slow.refresh_from_db()
    assert "within 0.3 seconds" in slow.trouble
    assert provider.language_models.filter(name="quick", listed=True).exists()

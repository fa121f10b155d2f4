"""A running generation can be stopped, from any tab."""

from uuid import uuid4

import pytest

from chat.models import Conversation, Generation
from tests.upstream import Hang, Head, Say, Script, Upstream

from .asking import Browser, all_answered, generations, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("method", ["post", "delete"])
def test_stopping_is_over_when_it_is_answered(
    conversation: Conversation, upstream: Upstream, method: str
) -> None:
    upstream.script(Script([Head(), Say("So far"), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        [generation] = await generations()
        response = await getattr(browser, method)(f"/generations/{generation.pk}/")
        assert response.status_code == 204
        [after] = await generations()
        assert after.status == "stopped"

    visit(conversation.owner, act)


def test_stopping_again_or_too_late_is_no_error(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        await all_answered()
        [generation] = await generations()
        for _ in range(3):
            assert (await browser.delete(f"/generations/{generation.pk}/")).status_code == 204
        assert (await generations())[0].status == "finished"
        assert await texts(conversation) == ["Hi", "Hi"]

    visit(conversation.owner, act)


def test_a_stranger_cannot_stop_it(conversation: Conversation, upstream: Upstream, bob: object) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        [generation] = await generations()
        stranger = await Browser().sign_in(bob)
        assert (await stranger.delete(f"/generations/{generation.pk}/")).status_code == 404
        assert (await stranger.delete(f"/generations/{uuid4()}/")).status_code == 404
        assert (await Generation.objects.aget()).status == "running"

    visit(conversation.owner, act)

"""A provider that rejects a parameter: it is named, left out with one click, and remembered for this model."""

from typing import Any

import pytest

from chat.models import Conversation, LanguageModel
from tests.upstream import Upstream, reply

from .asking import Browser, all_answered, branch, visit

pytestmark = pytest.mark.django_db(transaction=True)

REJECTION = {
    "error": {"message": "Unsupported parameter: 'top_p'.", "param": "top_p", "code": "unsupported_parameter"}
}


def test_a_rejected_parameter_is_left_out_with_one_click_and_from_then_on(
    alice: Any, conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(reply(400, REJECTION))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, top_p="0.5", temperature="0.2")
        await all_answered()
        failed = (await branch(conversation))[-1]
        page = await browser.get(f"/messages/{failed.pk}/")
        assert "Retry without Top P" in page.content.decode()
        await browser.command(f"/messages/{failed.pk}/alternatives/", shown=failed.pk, without="top_p")
        await all_answered()
        answered = (await branch(conversation))[-1]
        await browser.send(conversation, "Again", shown=answered.pk)
        await all_answered()

    visit(alice, act)
    keys = [sorted({"temperature", "top_p"} & set(request.body)) for request in upstream.requests]
    assert keys == [["temperature", "top_p"], ["temperature"], ["temperature"]]
    assert LanguageModel.objects.get(name="scripted").refusals == {"top_p": REJECTION["error"]["message"]}
    conversation.refresh_from_db()
    assert conversation.settings["top_p"] == 0.5, "kept for the next model"


def test_what_was_rejected_can_be_tried_again(alice: Any, conversation: Conversation) -> None:
    LanguageModel.objects.get(name="scripted").refuse("top_p", "No.")

    async def act(browser: Browser) -> str:
        before = await browser.post(f"/c/{conversation.pk}/panel/", top_p="0.5")
        assert "scripted rejected it" in before.content.decode()
        after = await browser.post(f"/c/{conversation.pk}/panel/top_p/", top_p="0.5")
        return str(after.content.decode())

    assert "rejected it" not in visit(alice, act)


def test_nobody_forgets_for_a_stranger(bob: Any, conversation: Conversation) -> None:
    async def act(browser: Browser) -> int:
        return int((await browser.post(f"/c/{conversation.pk}/panel/top_p/")).status_code)

    LanguageModel.objects.get(name="scripted").refuse("top_p", "No.")
    assert visit(bob, act) == 404
    assert LanguageModel.objects.get(name="scripted").refusals

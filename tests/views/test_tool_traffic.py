"""Calls of tools and their answers over HTTP: muted together, and what is left over is told before it is sent."""

from typing import Any

import pytest

from chat.models import Conversation, Message, Role
from chat.models.message import text_part
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, talk, texts, visit, words_in

pytestmark = pytest.mark.django_db(transaction=True)


async def with_a_tool(browser: Browser, conversation: Conversation) -> dict[str, Message]:
    """Asked, called, answered by the tool, and answered."""
    question, calling = await talk(browser, conversation, "Weather?")
    call = {"id": "c", "type": "function", "function": {"name": "look_outside", "arguments": "{}"}}
    await Message.objects.filter(pk=calling.pk).aupdate(tool_calls=[call], parts=[])
    added = {"side": "below", "role": "tool", "text": "It rains"}
    await browser.command(f"/messages/{calling.pk}/additions/", **added)
    result = (await branch(conversation))[-1]
    await browser.command(f"/messages/{result.pk}/answers/", shown=result.pk)
    await all_answered()
    return {
        "question": question,
        "calling": calling,
        "result": result,
        "end": (await branch(conversation))[-1],
    }


def sent_last(upstream: Upstream) -> list[str]:
    return [turn["role"] for turn in upstream.requests[-1].body["messages"]]


@pytest.mark.parametrize(("pressed", "other"), [("calling", "result"), ("result", "calling")])
def test_a_call_and_its_answer_are_muted_and_sent_again_together(
    conversation: Conversation, upstream: Upstream, pressed: str, other: str
) -> None:
    async def act(browser: Browser) -> None:
        there = await with_a_tool(browser, conversation)
        have = " ".join(f"{message.pk}:{message.state}" for message in await branch(conversation))
        path = f"/messages/{there[pressed].pk}/muting/"
        menu = (await browser.get(f"/messages/{there[pressed].pk}/menu/")).content.decode()
        assert "A call of a tool and its answers go together" in menu
        response = await browser.command(path, have=have)
        # Both rows are drawn anew, and it is said.
        for name in (pressed, other):
            assert f'hx-target="#message-{there[name].pk}" hx-swap="outerHTML"' in response.content.decode()
        assert words_in(response).count("not sent") == 2
        assert "go together: 2 messages are not sent any more" in response["HX-Trigger"]
        await talk(browser, conversation, "And now?")
        assert sent_last(upstream) == ["user", "assistant", "user"]
        response = await browser.delete(path, command=there["end"].pk, have=have)
        assert "2 messages are sent again" in response["HX-Trigger"]
        await talk(browser, conversation, "And again?")
        assert sent_last(upstream) == ["user", "assistant", "tool", "assistant", "user", "assistant", "user"]

    visit(conversation.owner, act)


@pytest.mark.parametrize(
    ("deleted", "named"),
    [("calling", "“It rains” stands below no call"), ("result", "call of look_outside")],
)
def test_what_is_left_of_them_is_told_before_anything_is_sent_or_stored(
    conversation: Conversation, upstream: Upstream, deleted: str, named: str
) -> None:
    async def act(browser: Browser) -> None:
        there = await with_a_tool(browser, conversation)
        response = await browser.command(f"/messages/{there[deleted].pk}/deletion/")
        assert response.status_code == 200
        requests, before = len(upstream.requests), await texts(conversation)
        end = there["end"].pk
        for response in (
            await browser.send(conversation, "And now?", shown=end),
            await browser.command(f"/messages/{end}/alternatives/", shown=end),
        ):
            assert (response.status_code, named in words_in(response)) == (409, True)
        assert (len(upstream.requests), await texts(conversation)) == (requests, before)
        # What it says to do helps.
        left = "result" if deleted == "calling" else "calling"
        await browser.command(f"/messages/{there[left].pk}/muting/")
        await talk(browser, conversation, "And now?")
        assert sent_last(upstream) == ["user", "assistant", "user"]

    visit(conversation.owner, act)


def test_an_answer_of_a_tool_that_says_nothing_is_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        there = await with_a_tool(browser, conversation)
        await Message.objects.filter(pk=there["result"].pk).aupdate(parts=[])
        await talk(browser, conversation, "And now?")
        assert upstream.requests[-1].body["messages"][2] == {
            "role": "tool",
            "content": "",
            "tool_call_id": "c",
        }

    visit(conversation.owner, act)


def test_a_pane_says_which_one_it_is_and_nobody_is_asked(comparison: Any, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        panes = [pane async for pane in comparison.panes.select_related("conversation").order_by("position")]
        orphan = await Message.objects.acreate(
            conversation=panes[1].conversation,
            role=Role.TOOL,
            parts=[text_part("It rains")],
            tool_call_id="c",
        )
        await Conversation.objects.filter(pk=panes[1].conversation_id).aupdate(tip=orphan)
        shown = {f"shown:{pane.conversation_id}": "" for pane in panes}
        shown[f"shown:{panes[1].conversation_id}"] = str(orphan.pk)
        response = await browser.command(f"/compare/{comparison.pk}/messages/", message="Hi", **shown)
        assert (response.status_code, "Pane 2: Not sent" in words_in(response)) == (409, True)
        assert not upstream.requests

    visit(comparison.owner, act)

"""Answers that go on, and how a person reads them: one text, whatever it was made of."""

from typing import Any

from asgiref.sync import sync_to_async

from chat.models import Conversation, Message
from chat.transcript import newest_page
from tests.upstream import Upstream, stream

from .asking import Browser, all_answered, branch, talk


def will_say(upstream: Upstream, *texts: str) -> None:
    """One after the other, to whatever it is asked."""
    for text in texts:
        upstream.script(stream(text))


async def go_on(browser: Browser, message: Message, **form: Any) -> Any:
    response = await browser.command(f"/messages/{message.pk}/continuations/", shown=message.pk, **form)
    await all_answered()
    return response


async def talk_and_go_on(
    browser: Browser, conversation: Conversation, question: str = "Hi"
) -> tuple[Message, Message]:
    """The answer, and what goes on from it."""
    _, head = await talk(browser, conversation, question)
    await go_on(browser, head)
    return head, (await branch(conversation))[-1]


def shown(conversation: Conversation) -> list[str]:
    conversation.refresh_from_db()
    return [head.whole_text for head in newest_page(conversation).messages]


async def as_shown(conversation: Conversation) -> list[str]:
    return await sync_to_async(shown)(conversation)


def said_to_it(upstream: Upstream) -> list[str]:
    """In the last request."""
    return [turn["content"] for turn in upstream.requests[-1].body["messages"]]

"""A browser as the views see it: signed in, on the asynchronous server, with the forms of the page."""

import html
import re
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.test import AsyncClient

from chat.generation import engine
from chat.models import Conversation, Generation, Message
from tests.generation.playing import play, until

# With each request: AsyncClient forgets those that it is made with.
HTMX = {"HX-Request": "true"}


class Browser:
    """A page that is open: whatever it asks for, it asks by htmx. `open` loads another page instead."""

    def __init__(self) -> None:
        self.client = AsyncClient(raise_request_exception=True)

    async def sign_in(self, user: Any) -> "Browser":
        await self.client.aforce_login(user)
        return self

    async def open(self, path: str, **query: Any) -> Any:
        return await self.client.get(path, query)

    async def get(self, path: str, **query: Any) -> Any:
        return await self.client.get(path, query, headers=HTMX)

    async def post(self, path: str, **form: Any) -> Any:
        return await self.client.post(path, form, headers=HTMX)

    async def delete(self, path: str, **query: Any) -> Any:
        return await self.client.delete(path, query_params=query, headers=HTMX)

    async def command(self, path: str, *, command: Any = None, shown: Any = None, **form: Any) -> Any:
        """A form that changes something, under an id of its own."""
        return await self.post(path, command=command or uuid4(), shown=shown or "", **form)

    async def send(self, conversation: Conversation, text: str = "Hi", **form: Any) -> Any:
        return await self.command(f"/c/{conversation.pk}/messages/", message=text, **form)

    async def begin_chat(self, text: str = "Hi", **form: Any) -> Any:
        return await self.command("/c/", message=text, **form)


def visit(user: Any, act: Callable[[Browser], Awaitable[Any]]) -> Any:
    """On a loop and with an engine of its own, which are left tidy."""

    async def go() -> Any:
        return await act(await Browser().sign_in(user))

    return play(go)


async def all_answered() -> None:
    await until(lambda: not engine().tasks)


async def branch(conversation: Conversation) -> list[Message]:
    """What the conversation shows, from the first message to the last."""

    def walk() -> list[Message]:
        from chat.models.branch import path_to

        return path_to(Conversation.objects.get(pk=conversation.pk).tip_id)

    return await sync_to_async(walk)()


async def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in await branch(conversation)]


async def generations() -> list[Generation]:
    return [row async for row in Generation.objects.order_by("created_at")]


async def talk(browser: Browser, conversation: Conversation, *questions: str) -> list[Message]:
    """Ask these one after the other and wait for each answer."""
    for question in questions:
        last = (await branch(conversation))[-1:]
        response = await browser.send(conversation, question, shown=last[0].pk if last else "")
        assert response.status_code == 200, response.content
        await all_answered()
    return await branch(conversation)


def words_in(response: Any) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(text).split())


class _Changes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.added: list[UUID] = []
        self.removed: list[UUID] = []
        self.whole = False

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        found = dict(attributes)
        if tag == "article":
            self.added.append(UUID(found["data-message"]))
        target = found.get("hx-target", "")
        if tag == "hx-partial" and found.get("hx-swap") == "delete":
            self.removed.append(UUID(target.removeprefix("#message-")))
        if tag == "hx-partial" and target.startswith("#messages-"):
            self.whole = found.get("hx-swap") == "innerHTML"


def changes_in(response: Any) -> _Changes:
    """What a reply tells the page to add and to remove."""
    changes = _Changes()
    changes.feed(response.content.decode())
    return changes

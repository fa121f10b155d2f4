"""A tab with a comparison: what each pane shows, and which model stands in it, goes along with what is sent to all."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import connections

from chat.comparisons.panes import compare, numbered
from chat.models import Comparison, Conversation, Generation, Message, Pane
from chat.models.branch import path_to
from chat.models.copying import copy_settings
from tests.upstream import Upstream

from .asking import Browser, all_answered, texts


class Tab:
    """It knows what was there when it last looked: another tab may be ahead of it."""

    def __init__(self, browser: Browser, comparison: Comparison) -> None:
        self.browser, self.comparison = browser, comparison
        self.address = f"/compare/{comparison.pk}/"
        self.panes: list[Pane] = []
        self.fields: dict[str, str] = {}
        self.ends: dict[str, str] = {}

    async def look(self) -> "Tab":
        """The page is loaded, or hears of all that has changed."""

        def read() -> None:
            self.panes = numbered(Comparison.objects.get(pk=self.comparison.pk))
            for pane in self.panes:
                shown = path_to(pane.conversation.tip_id)
                self.ends[pane.key] = str(shown[-1].pk) if shown else ""

        await sync_to_async(read)()
        self.fields = {}
        for pane in self.panes:
            self.fields[f"shown:{pane.key}"] = self.ends[pane.key]
            self.fields[f"provider:{pane.key}"] = str(pane.conversation.provider_id or "")
            self.fields[f"model:{pane.key}"] = pane.conversation.model
        return self

    # To all linked panes

    async def send(self, text: str, **more: Any) -> Any:
        return await self.browser.command(f"{self.address}messages/", message=text, **{**self.fields, **more})

    async def run(self, pane: Pane | None = None, **more: Any) -> Any:
        only = {"pane": pane.pk} if pane else {}
        return await self.browser.command(f"{self.address}runs/", **{**self.fields, **only, **more})

    async def hears(self, text: str, **more: Any) -> None:
        """Sends, and waits for the answers."""
        well(await self.send(text, **more))
        await all_answered()
        await self.look()

    # In one pane

    async def write(self, pane: Pane, text: str, **more: Any) -> Any:
        form = {"message": text, "shown": self.ends[pane.key], **more}
        return await self.browser.command(f"/c/{pane.conversation_id}/messages/", **form)

    async def ask_again(self, message: Message) -> Any:
        end = self.ends[str(message.conversation_id)]
        return await self.browser.command(f"/messages/{message.pk}/alternatives/", shown=end)

    async def edit(self, message: Message, text: str, **more: Any) -> Any:
        end = self.ends[str(message.conversation_id)]
        return await self.browser.command(
            f"/messages/{message.pk}/edits/", text=text, shown=end, revision=message.revision, **more
        )

    async def set(self, pane: Pane, **fields: Any) -> Any:
        return await self.browser.post(f"/panes/{pane.pk}/settings/", **fields)

    # The panes themselves

    async def add(self, **more: Any) -> Any:
        return await self.browser.command(f"{self.address}panes/", **more)

    async def copy(self, pane: Pane) -> Any:
        return await self.add(copy=pane.pk)

    async def move(self, pane: Pane, place: int) -> Any:
        return await self.browser.post(f"/panes/{pane.pk}/place/", place=place)

    async def link(self, pane: Pane, name: str, linked: bool) -> Any:
        return await self.browser.post(f"/panes/{pane.pk}/links/", link=name, linked="on" if linked else "")

    async def remove(self, pane: Pane) -> Any:
        return await self.browser.post(f"/panes/{pane.pk}/removal/")

    async def bring_back(self, pane: Pane) -> Any:
        return await self.browser.delete(f"/panes/{pane.pk}/removal/")

    # What is stored

    async def says(self) -> list[list[str]]:
        """By pane, as they stand now."""
        now = await sync_to_async(lambda: Comparison.objects.get(pk=self.comparison.pk).shown_panes())()
        return [await texts(pane.conversation) for pane in now]


async def at_once(*acts: Awaitable[Any]) -> list[Any]:
    """Each in a thread and with a connection of its own, as the server has several."""

    async def alone(act: Awaitable[Any]) -> Any:
        async with ThreadSensitiveContext():
            try:
                return await act
            finally:
                await sync_to_async(connections.close_all)()

    return await asyncio.gather(*map(alone, acts))


def well(response: Any) -> Any:
    assert response.status_code in (200, 204), response.content
    return response


async def stored() -> tuple[int, int]:
    return await Message.objects.acount(), await Generation.objects.acount()


def bodies(upstream: Upstream, model: str) -> list[dict[str, Any]]:
    return [request.body for request in upstream.requests if request.model == model]


def said_to(upstream: Upstream, model: str) -> list[str]:
    """In the last request."""
    return [turn["content"] for turn in bodies(upstream, model)[-1]["messages"]]


async def nothing_is_there() -> bool:
    return not (await Comparison.objects.aexists() or await Conversation.objects.aexists())


async def made_by(response: Any) -> Comparison:
    """The one that the page goes to."""
    assert response.status_code == 204, response.content
    return await Comparison.objects.aget(pk=UUID(response["HX-Redirect"].split("/")[-2]))


async def panes_of(comparison: Comparison) -> list[Pane]:
    return await sync_to_async(lambda: Comparison.objects.get(pk=comparison.pk).shown_panes())()


async def compare_chat(browser: Browser, chat: Conversation, **more: Any) -> Any:
    return await browser.command(f"/c/{chat.pk}/comparison/", **more)


def of_size(conversation: Conversation, count: int) -> Comparison:
    return compare(conversation.owner, [copy_settings(conversation) for _ in range(count)])


def order_in(response: Any) -> list[str]:
    """How the page is told to put its panes."""
    events = json.loads(well(response)["HX-Trigger"])
    assert "history-changed" in events
    order: list[str] = events["panes-changed"]["order"]
    return order


def ids(tab: Tab) -> list[str]:
    return [str(pane.pk) for pane in tab.panes]

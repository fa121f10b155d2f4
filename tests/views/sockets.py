"""A page's end of the socket, and what an answer puts into the log that it reads."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from channels.testing import WebsocketCommunicator

from chat.consumers import PageConsumer
from chat.generation import engine
from tests.generation.playing import play

Frame = dict[str, Any]


class Page:
    """A browser's end of the socket."""

    def __init__(self, user: Any) -> None:
        self.wire = WebsocketCommunicator(PageConsumer.as_asgi(), "/socket/")
        self.wire.scope["user"] = user

    async def open(self) -> "Page":
        accepted, _ = await self.wire.connect()
        assert accepted
        return self

    async def say(self, **frame: Any) -> None:
        await self.wire.send_to(text_data=json.dumps(frame, default=str))

    async def watch(self, id: UUID, have: int = 0) -> None:
        await self.say(type="watch", generation=id, have=have)

    async def hear(self) -> Frame:
        frame: Frame = json.loads(await self.wire.receive_from(timeout=5))
        return frame

    async def closes_with(self) -> int:
        """The code that the server closes with; frames before it are passed over."""
        while True:
            message = await self.wire.receive_output(timeout=10)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def is_alive(self) -> bool:
        await self.say(type="ping")
        while (frame := await self.hear())["type"] != "pong":
            assert frame
        return True

    async def leave(self) -> None:
        await self.wire.disconnect()


def visit(user: Any, act: Callable[[Page], Awaitable[None]]) -> None:
    async def go() -> None:
        page = await Page(user).open()
        try:
            await act(page)
        finally:
            await page.leave()

    play(go)


def log(id: UUID, *texts: str) -> None:
    events = [json.dumps({"type": "text", "choice": 0, "text": text}).encode() for text in texts]
    engine().log.append(str(id), events)
    engine().doorbell.ring(str(id))


def end(id: UUID) -> None:
    engine().log.append(str(id), [b'{"type":"end","status":"finished"}'])
    engine().doorbell.ring(str(id))

"""The page's one socket. It only listens: which answers, conversations and comparisons it shows, how far it has them.

The frames are in docs/protocol.md. Commands are HTTP.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import User
from django.http import Http404

from chat import access, who
from chat.generation import Cursor, engine
from chat.generation.engine import group_of
from chat.generation.follow import follow, topic_of

logger = logging.getLogger(__name__)

CLOSING = "closing"
SESSION = "session"
# A comparison and its sixteen panes, all followed, and seven answers that run in each of them. A cursor holds 128 KiB
# at most, so that a page which reads nothing costs 16 MiB.
MOST_AT_ONCE = 129
BAD_FRAME = 4400
SIGNED_OUT = 4401
FAILED = 4500
SECONDS_BETWEEN_CHECKS_OF_THE_SESSION = 5.0


MAY_FOLLOW: dict[str, Callable[[User, UUID], object]] = {
    "conversation": partial(access.conversation, blind=True),
    "comparison": partial(access.comparison, blind=True),
}


def followed_in(frame: dict[str, Any]) -> tuple[str, UUID]:
    """Of which kind it is, and which one. Raises KeyError."""
    kind = "comparison" if "comparison" in frame else "conversation"
    return kind, UUID(frame[kind])


class Gone(Exception):
    """The page cannot be sent to: mostly it is not there any more."""


class PageConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.user = self.scope["user"]
        self.cursors: dict[UUID, Cursor] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.joined: dict[str, object] = {}
        if not self.user.is_authenticated:
            await self.close(SIGNED_OUT)
            return
        await self.accept()
        if who.may_be_signed_out(self.scope):
            self._start(SESSION, self._watch_session())

    async def disconnect(self, code: int) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels would go to a thread before each message, to look after the database. The housekeeping does that."""
        await getattr(self, get_handler_name(message))(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            frame = orjson.loads(text_data or b"")
            heard = self._heard[frame["type"]]
            await heard(self, frame)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            await self.close(BAD_FRAME)

    # What a browser may say

    async def _watch(self, frame: dict[str, Any]) -> None:
        id, have = UUID(frame["generation"]), int(frame["have"])
        if have < 0 or self._is_full(str(id)):
            raise ValueError
        try:
            generation = await sync_to_async(access.generation)(self.user, id, blind=True)
        except Http404:
            await self._send({"type": "gone", "generation": str(id)})
            return
        self.cursors[id] = Cursor(engine(), id, have, blind=generation.conversation.blind)
        self._start(str(id), self._carry(str(id), self.cursors[id].frames()))

    async def _acknowledge(self, frame: dict[str, Any]) -> None:
        cursor = self.cursors.get(UUID(frame["generation"]))
        if cursor:
            cursor.acknowledge(int(frame["have"]))

    async def _leave(self, frame: dict[str, Any]) -> None:
        id = UUID(frame["generation"])
        self.cursors.pop(id, None)
        self._end(str(id))

    async def _follow(self, frame: dict[str, Any]) -> None:
        kind, id = followed_in(frame)
        version, topic = int(frame["version"]), topic_of(kind, id)
        if self._is_full(topic):
            raise ValueError
        try:
            await sync_to_async(MAY_FOLLOW[kind])(self.user, id)
        except Http404:
            return
        self._start(topic, self._carry(topic, follow(engine(), kind, id, version)))

    async def _unfollow(self, frame: dict[str, Any]) -> None:
        self._end(topic_of(*followed_in(frame)))

    async def _ping(self, frame: dict[str, Any]) -> None:
        await self._send({"type": "pong"})

    _heard = {
        "watch": _watch, "ack": _acknowledge, "leave": _leave, "follow": _follow, "unfollow": _unfollow, "ping": _ping,
    }  # fmt: skip

    # What it hears back

    async def doorbell_rang(self, event: dict[str, str]) -> None:
        """From another process, through the channel layer."""
        engine().doorbell.wake(event["topic"])

    async def _carry(self, topic: str, frames: AsyncIterator[str]) -> None:
        mine = self.joined[topic] = object()
        await self._tell_layer("group_add", topic)
        try:
            async for frame in frames:
                await self._give(frame)
        finally:
            # Unless it was joined once more meanwhile.
            if self.joined.get(topic) is mine:
                del self.joined[topic]
                await self._tell_layer("group_discard", topic)

    async def _watch_session(self) -> None:
        while await who.is_still_signed_in(self.scope):  # noqa: ASYNC110, there is nothing to wait for but time
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS_OF_THE_SESSION)
        await self.close(SIGNED_OUT)

    def _is_full(self, topic: str) -> bool:
        """Whether it listens to as much as it may without this one."""
        others = self.tasks.keys() - {SESSION, CLOSING, topic}
        return len(others) >= MOST_AT_ONCE

    def _start(self, name: str, work: Any) -> None:
        self._end(name)
        task = asyncio.get_running_loop().create_task(work)
        self.tasks[name] = task
        task.add_done_callback(lambda done: self._finished(name, done))

    def _end(self, name: str) -> None:
        if task := self.tasks.pop(name, None):
            task.cancel()

    def _finished(self, name: str, task: "asyncio.Task[None]") -> None:
        with contextlib.suppress(ValueError):
            self.cursors.pop(UUID(name), None) if self.tasks.get(name) is task else None
        if self.tasks.get(name) is task:
            del self.tasks[name]
        error = None if task.cancelled() else task.exception()
        if error and name != CLOSING:
            # Closed, the page comes again and says what it has. Left open, it would wait for ever.
            logger.log(
                logging.DEBUG if isinstance(error, Gone) else logging.ERROR, "Lost a socket", exc_info=error
            )
            self._start(CLOSING, self.close(FAILED))

    async def _tell_layer(self, act: str, topic: str) -> None:
        """Rings from other processes come through the channel layer. Without it the slow timer has to do."""
        if engine().log.shared and self.channel_layer:
            try:
                await getattr(self.channel_layer, act)(group_of(topic), self.channel_name)
            except Exception as error:  # whatever the layer's transport raises
                logger.warning("The channel layer does not %s: %s", act, error)

    async def _give(self, frame: str) -> None:
        try:
            await self.send(frame)
        except Exception as error:  # each server has its own for a page that has gone
            raise Gone from error

    async def _send(self, frame: dict[str, Any]) -> None:
        await self.send(orjson.dumps(frame).decode())

"""What the running server has one of, for its event loop: log, doorbell, client, saver, turns, tasks."""

import asyncio
import logging
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from chat import demo
from chat.completions import Client

from .doorbell import Doorbell
from .log import Log, MemoryLog
from .meter import Purses
from .saver import Saver
from .turns import Turns

logger = logging.getLogger(__name__)


@dataclass
class Engine:
    log: Log
    doorbell: Doorbell
    client: Client
    saver: Saver
    purses: Purses = field(default_factory=Purses)
    turns: Turns = field(default_factory=Turns)
    tasks: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    # Set once the server is going down: nothing new starts.
    closing: bool = False

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.log.aclose()


_engines: "WeakKeyDictionary[asyncio.AbstractEventLoop, Engine]" = WeakKeyDictionary()


def engine() -> Engine:
    """The engine of the running loop, made on first use."""
    loop = asyncio.get_running_loop()
    if loop not in _engines:
        _engines[loop] = _make_engine()
    return _engines[loop]


def _make_engine() -> Engine:
    purses = Purses()
    return Engine(
        log=_make_log(),
        doorbell=Doorbell(ring_elsewhere if settings.REDIS_URL else None),
        client=Client(mounts={demo.HOST: demo.DemoTransport(demo.demo_app(settings.DATA / "demo"))}),
        saver=Saver(sync_to_async, purses),
        purses=purses,
    )


def _make_log() -> Log:
    if not settings.REDIS_URL:
        return MemoryLog()
    from .redis_log import RedisLog

    return RedisLog(settings.REDIS_URL)


_rings: set[asyncio.Task[None]] = set()


def ring_elsewhere(topic: str) -> None:
    """Carry a ring to the other processes through the channel layer. Losing it is allowed."""
    task = asyncio.get_running_loop().create_task(_send_ring(topic))
    _rings.add(task)
    task.add_done_callback(_rings.discard)


async def _send_ring(topic: str) -> None:
    layer = get_channel_layer()
    assert layer
    try:
        await layer.group_send(group_of(topic), {"type": "doorbell.rang", "topic": topic})
    except Exception as error:  # whatever the layer's transport raises: the slow timer makes up for it
        logger.debug("A ring was lost: %s", error)


def group_of(topic: str) -> str:
    return f"doorbell.{topic}"

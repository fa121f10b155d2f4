"""daphne writes as fast as an application answers: a reader that is slow, or that stands still, would find all of a
long answer in the memory of the server. Here an answer in pieces goes on when there is room for the next one."""

import asyncio
from typing import Any

from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Flow:
    """What the connection says about itself: full, there is room again, or gone."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    def stopProducing(self) -> None:
        self._open.set()

    async def wait(self) -> None:
        await self._open.wait()


class PacedServer(Server):
    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        if message["type"] != "http.response.body":
            await super().handle_reply(protocol, message)
            return
        flow = protocol.producer
        if message.get("more_body") and flow is None and protocol.channel is not None:
            flow = Flow()
            protocol.registerProducer(flow, True)
        elif flow is not None and not message.get("more_body") and protocol.channel is not None:
            protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if message.get("more_body") and flow is not None:
            await flow.wait()

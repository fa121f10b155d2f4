"""A doorbell says "look again", never what there is to see. So a ring that is lost costs time and nothing else."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Rings that go to other processes, for one topic. Readers in this process are woken directly, every time.
SECONDS_BETWEEN_CARRIED_RINGS = 0.12

Carrier = Callable[[str], None]


class Bell:
    """What one reader waits on."""

    def __init__(self) -> None:
        self._rung = False
        self._waiting: asyncio.Future[None] | None = None

    def ring(self) -> None:
        self._rung = True
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    async def wait(self, seconds: float) -> None:
        """Until it rings, or until it is time to look anyway. For one reader at a time."""
        if not self._rung:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, self.ring)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        self._rung = False


class Doorbell:
    """The bells of this process, by topic. `carrier` takes a ring to the other processes, if there are any."""

    def __init__(self, carrier: Carrier | None = None) -> None:
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._carrier = carrier
        self._resting: dict[str, bool] = {}

    def ring(self, topic: str) -> None:
        self.wake(topic)
        if self._carrier:
            self._carry(topic)

    def wake(self, topic: str) -> None:
        for bell in self._bells.get(topic, ()):
            bell.ring()

    @contextmanager
    def listen(self, topic: str, bell: Bell) -> Iterator[Bell]:
        self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            self._bells[topic].discard(bell)
            if not self._bells[topic]:
                del self._bells[topic]

    def _carry(self, topic: str) -> None:
        """The first ring at once; those that come while it rests become one, when the rest is over."""
        if topic in self._resting:
            self._resting[topic] = True
            return
        self._resting[topic] = False
        assert self._carrier
        self._carrier(topic)
        asyncio.get_running_loop().call_later(SECONDS_BETWEEN_CARRIED_RINGS, self._rested, topic)

    def _rested(self, topic: str) -> None:
        if self._resting.pop(topic, False):
            self._carry(topic)

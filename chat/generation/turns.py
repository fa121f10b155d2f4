"""Turns: how many runs of this process ask one provider at the same time. The others wait, first come, first served."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

# Who is far back does not hear of every step: of a thousand who wait each would else be told a thousand times.
NEAR = 20
STRIDE = 10


class Place:
    """A run's place in a line. Who waits is told how many have to end before its turn comes; 0 is the turn itself."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._told: int | None = None
        self._turn = asyncio.Event()
        self._task = asyncio.current_task()

    @property
    def has_come(self) -> bool:
        return self._turn.is_set()

    async def wait(self) -> None:
        await self._turn.wait()

    def come(self) -> None:
        self._turn.set()
        if self._told is not None:
            self._tell(0)

    def move_to(self, ahead: int) -> None:
        if self._told is None or abs(self._told - ahead) >= (1 if ahead <= NEAR else STRIDE):
            self._told = ahead
            self._tell(ahead)

    def give_up(self) -> None:
        if self._task:
            self._task.cancel()


class Line:
    """Of one provider: those who ask it, and those who wait, in order. Its limit is the last that anybody knew."""

    def __init__(self) -> None:
        self.limit: int | None = None
        self.asking: set[Place] = set()
        self.waiting: dict[Place, None] = {}

    def join(self, place: Place, limit: int | None) -> None:
        self.waiting[place] = None
        self.change(limit)

    def change(self, limit: int | None) -> None:
        self.limit = limit
        self._move()

    def leave(self, place: Place) -> None:
        """Whether its turn had come or not: it may have come in the very moment of leaving."""
        self.asking.discard(place)
        self.waiting.pop(place, None)
        self._move()

    def _move(self) -> None:
        while self.waiting and (self.limit is None or len(self.asking) < self.limit):
            place = next(iter(self.waiting))
            del self.waiting[place]
            self.asking.add(place)
            place.come()
        if self.limit is not None:
            for ahead, place in enumerate(self.waiting, len(self.asking) - self.limit + 1):
                place.move_to(ahead)


class Turns:
    """A line for each provider that somebody asks."""

    def __init__(self) -> None:
        self._lines: dict[UUID, Line] = {}

    @contextmanager
    def place(self, provider: UUID, limit: int | None, tell: Callable[[int], None]) -> Iterator[Place]:
        """In line until the end of the block, which waits for its turn before it asks."""
        line = self._lines.setdefault(provider, Line())
        place = Place(tell)
        try:
            line.join(place, limit)
            yield place
        finally:
            line.leave(place)
            if not line.asking and not line.waiting:
                del self._lines[provider]

    def change(self, provider: UUID, limit: int | None) -> None:
        """Somebody set another limit: those who fit now need not wait for a newcomer to bring it."""
        if line := self._lines.get(provider):
            line.change(limit)

    def send_away(self) -> None:
        """Cancels those who wait."""
        for line in self._lines.values():
            for place in line.waiting:
                place.give_up()

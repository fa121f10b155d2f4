"""How these tests run: on a loop of their own, which is left tidy, and with readers that keep what they hear."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async

from chat.completions import Client, Limits
from chat.generation import Cursor, engine, launch
from chat.generation.begin import Job
from chat.models import Conversation, Generation, Message
from chat.sending import send

Frame = dict[str, Any]
SECONDS_TO_WAIT = 10.0
QUICK = Limits(connect=1, first_token=0.3, silence=0.3, total=5, retries=1)


def play(act: Callable[[], Awaitable[Any]]) -> Any:
    """On a loop of its own, which is left tidy."""

    async def tidy() -> Any:
        try:
            return await act()
        finally:
            here = engine()
            for task in list(here.tasks.values()):
                task.cancel()
            await asyncio.gather(*here.tasks.values(), return_exceptions=True)
            if here.saver._task:
                here.saver._task.cancel()
                await asyncio.gather(here.saver._task, return_exceptions=True)
            await here.aclose()

    return asyncio.run(tidy())


async def until(condition: Callable[[], Any], seconds: float = SECONDS_TO_WAIT) -> Any:
    """What the condition gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.002)
    return value


async def until_stored(condition: Callable[[], Any], seconds: float = SECONDS_TO_WAIT) -> Any:
    """The same, for a condition that asks the database."""
    deadline = time.monotonic() + seconds
    while not (value := await sync_to_async(condition)()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)
    return value


async def prepare(conversation: Conversation, text: str = "Hi") -> Job:
    """The rows, and no task yet."""
    return await sync_to_async(send)(conversation, None, text)


async def begin(conversation: Conversation, text: str = "Hi") -> UUID:
    """Send, and return while it runs."""
    job = await prepare(conversation, text)
    launch(job)
    return job.generation.pk


async def ask(conversation: Conversation, text: str = "Hi") -> Generation:
    """Send, wait for the end, and return the row as stored."""
    id = await begin(conversation, text)
    await engine().tasks[id]
    return await row_of(id)


async def no_pause(_: float) -> None:
    """Instead of the wait before a retry."""


def run(conversation: Conversation, limits: Limits = QUICK) -> Generation:
    """One answer to its end, with short limits and retries without a wait."""

    async def act() -> Generation:
        engine().client = Client(limits, sleep=no_pause)
        return await ask(conversation)

    ended: Generation = play(act)
    return ended


def answer_of(generation: Generation) -> Message:
    return generation.messages.get()


async def row_of(id: UUID) -> Generation:
    return await Generation.objects.aget(pk=id)


async def text_of(id: UUID) -> str:
    return (await Message.objects.aget(generation_id=id)).text


class Reader:
    """A browser that listens from event `have` on, and acknowledges as it hears unless it stalls."""

    def __init__(self, id: UUID, have: int = 0, *, stalled: bool = False) -> None:
        self.have = have
        self.frames: list[Frame] = []
        self.text = ""
        self.cursor = Cursor(engine(), id, have)
        self._stalled = stalled
        self.task = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        async for line in self.cursor.frames():
            self._hear(orjson.loads(line))
            if not self._stalled:
                self.cursor.acknowledge(self.have)

    def _hear(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame["type"] == "events":
            assert frame["from"] == self.have, "a gap or a repeat"
            self.have += len(frame["events"])
            self.text += "".join(event["text"] for event in frame["events"] if event["type"] == "text")
        elif frame["type"] == "stored":
            self.have, self.text = frame["have"], frame["answers"][0]["text"]

    @property
    def bytes(self) -> int:
        return sum(len(orjson.dumps(frame)) for frame in self.frames)

    @property
    def status(self) -> str:
        """How it heard that it ended; empty while it has not."""
        last = self.frames[-1] if self.frames else {}
        if last.get("type") == "events" and last["events"][-1]["type"] == "end":
            return str(last["events"][-1]["status"])
        return str(last.get("status", "")) if last.get("status") != "running" else ""

    def wake(self) -> None:
        self._stalled = False
        self.cursor.acknowledge(self.have)

    async def to_the_end(self, seconds: float = SECONDS_TO_WAIT) -> "Reader":
        await asyncio.wait_for(self.task, seconds)
        return self

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

"""The clocks of one request. One timer looks at time stamps, so that a chunk costs no timer of its own."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import NoReturn, TypeVar

from .errors import TimedOut
from .limits import Limits

Result = TypeVar("Result")

SENTENCES = {
    "connect": "{host} did not accept a connection within {limit:g} seconds. Check the address.",
    "write": "{host} did not take the whole request within {limit:g} seconds. Try again, or send less.",
    "first_token": "{host} said nothing within {limit:g} seconds. Try again, or try another model.",
    "silence": "{host} fell silent for {limit:g} seconds. What came until then is kept.",
    "total": "The answer from {host} took longer than {limit:g} seconds and was ended. What came is kept.",
}


class Watch:
    """Ends a wait when a limit passes. Time that our own reader takes is not the provider's silence."""

    def __init__(self, limits: Limits, host: str) -> None:
        self._limits = limits
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._due: dict[str, float] = {}
        self._heard: float | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._struck = False
        self._cancelled_before = 0
        self._passed = ""
        self._timer: asyncio.TimerHandle | None = None
        self.start("total")

    def start(self, phase: str) -> None:
        self._due[phase] = self._loop.time() + getattr(self._limits, phase)
        self._arm()

    def end(self, phase: str) -> None:
        self._due.pop(phase, None)

    def listen(self, listening: bool = True) -> None:
        """From now on every byte counts as life, and a gap as silence."""
        self._heard = self._loop.time() if listening else None
        self._arm()

    @property
    def heard(self) -> float:
        """When the newest bytes came, by the loop's clock."""
        return self._loop.time() if self._heard is None else self._heard

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    async def wait_for(self, awaitable: Awaitable[Result]) -> Result:
        """The result, unless a limit passes first: then TimedOut. A cancelled caller stays cancelled."""
        task = self._waiting = asyncio.current_task()
        try:
            if self._passed:
                self._drop(awaitable)
            result = await awaitable
        except asyncio.CancelledError:
            # Our own cancel is taken back. If somebody else cancelled too, theirs goes on.
            if self._struck and task and task.uncancel() <= self._cancelled_before:
                raise self.timed_out(self._passed) from None
            raise
        finally:
            self._waiting = None
        if self._heard is not None:
            self._heard = self._loop.time()
        return result

    def timed_out(self, phase: str) -> TimedOut:
        limit = getattr(self._limits, phase)
        return TimedOut(SENTENCES[phase].format(host=self._host, limit=limit), phase)

    def _drop(self, awaitable: Awaitable[object]) -> NoReturn:
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise self.timed_out(self._passed)

    def _next(self) -> tuple[float, str]:
        due = [(at, phase) for phase, at in self._due.items()]
        if self._heard is not None:
            due.append((self._heard + self._limits.silence, "silence"))
        return min(due)

    def _arm(self) -> None:
        self.stop()
        self._timer = self._loop.call_at(self._next()[0], self._look)

    def _look(self) -> None:
        if self._waiting is None and self._heard is not None:
            self._heard = self._loop.time()
        at, phase = self._next()
        if at > self._loop.time():
            self._arm()
            return
        self._passed = phase
        if self._waiting:
            self._struck = True
            self._cancelled_before = self._waiting.cancelling()
            self._waiting.cancel()

"""Runs many streams at once against one server, and says how they were."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

import aiohttp

from bench.servers import Running
from bench.visitors import SECONDS_TO_ANSWER, Heard, PlaygroundVisitor, RelayVisitor, look_at

PACE = 50
# No model answers at once; this is a quick one. It is taken off again: what is measured is what the server adds.
FIRST_TOKEN_MS = 200
SECONDS_OF_STARTS = 1.0
OPENED_AT_ONCE = 10

Visitor = RelayVisitor | PlaygroundVisitor


@dataclass
class Result:
    """Of one run: milliseconds, and processor seconds of the server."""

    first: list[float]
    later: list[float]
    tokens: int
    cpu: float
    failures: list[str] = field(default_factory=list)

    @property
    def first_p50(self) -> float:
        return median(self.first)

    @property
    def first_p99(self) -> float:
        return quantiles(self.first, n=100)[98] if len(self.first) > 1 else self.first[0]

    @property
    def later_p50(self) -> float:
        return median(self.later)

    @property
    def later_p99(self) -> float:
        return quantiles(self.later, n=100)[98]

    @property
    def cpu_per_1000(self) -> float:
        """Milliseconds of processor time for 1,000 tokens."""
        return self.cpu * 1e6 / self.tokens


@asynccontextmanager
async def visitors(server: Running, count: int, *, is_playground: bool) -> AsyncIterator[list[Visitor]]:
    """Pages that are open and have nothing to do yet."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    timeout = aiohttp.ClientTimeout(total=None, sock_read=SECONDS_TO_ANSWER)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        site = await look_at(http, server.url) if is_playground else None
        here: list[Visitor] = [
            PlaygroundVisitor(http, site) if site else RelayVisitor(http, server.url) for _ in range(count)
        ]
        for start in range(0, count, OPENED_AT_ONCE):
            await asyncio.gather(*(visitor.open() for visitor in here[start : start + OPENED_AT_ONCE]))
        yield here
        await asyncio.gather(*(visitor.close() for visitor in here))


@asynccontextmanager
async def more_like(visitor: Visitor, count: int) -> AsyncIterator[None]:
    """So many more sockets of the kind that this visitor has: further tabs on the same conversation."""
    opened = []
    for _ in range(count):
        opened.append(await visitor.connect())
    yield
    await asyncio.gather(*(socket.close() for socket in opened))


async def run(server: Running, here: Sequence[Visitor], tokens: int) -> Result:
    """Each visitor asks once, their starts spread over a second."""
    model = model_of(tokens)

    async def ask(number: int, visitor: Visitor) -> Heard:
        await asyncio.sleep(number * SECONDS_OF_STARTS / len(here))
        try:
            return await asyncio.wait_for(visitor.ask(model), SECONDS_TO_ANSWER)
        except (TimeoutError, aiohttp.ClientError) as error:
            return Heard(0, failure=repr(error))

    before = server.cpu()
    heard = await asyncio.gather(*(ask(number, visitor) for number, visitor in enumerate(here)))
    return result_of(heard, tokens, server.cpu() - before)


async def run_one_by_one(
    server: Running, here: Sequence[Visitor], tokens: int, delay: int = FIRST_TOKEN_MS
) -> Result:
    """Each visitor asks when the one before has its answer."""
    before = server.cpu()
    heard = [await visitor.ask(model_of(tokens, delay)) for visitor in here]
    return result_of(heard, tokens, server.cpu() - before)


def model_of(tokens: int, delay: int = FIRST_TOKEN_MS) -> str:
    return f"stamped-{tokens}-{PACE}-{delay}"


def result_of(heard: Sequence[Heard], tokens: int, cpu: float) -> Result:
    whole = [one for one in heard if len(one.tokens) == tokens]
    failures = [one.failure or f"{len(one.tokens)} of {tokens} tokens" for one in heard if one not in whole]
    return Result(
        first=[one.added_first for one in whole],
        later=[added for one in whole for added in one.added_later],
        tokens=sum(len(one.tokens) for one in heard),
        cpu=cpu,
        failures=failures,
    )


def describe(failures: Sequence[Any]) -> str:
    return f"{len(failures)} failed, the first: {failures[0]}" if failures else ""

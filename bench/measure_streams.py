"""Rows about tokens on their way through the server."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from bench import servers, streams
from bench.figures import MERGED_MS, Figure
from bench.options import Options
from bench.servers import Places, Running
from bench.streams import Result

TOKENS = 150

Both = tuple[list[Result], list[Result]]
Play = Callable[[Running, bool], Coroutine[Any, Any, Result]]


def measure_1(options: Options, places: Places) -> Iterator[Figure]:
    """One stream at a time: tokens of one answer after another."""
    for kind in options.kinds:
        ours, bare = repeat(kind, options, places, one_by_one(options.few, streams.FIRST_TOKEN_MS))
        yield first_token(f"Added time to first token, 1 stream, {kind}", ours, bare, goal=4)
        ours, bare = repeat(kind, options, places, one_by_one(options.few, 0))
        yield first_token(f"The same from a provider that answers at once, {kind}", ours, bare)


def measure_10(options: Options, places: Places) -> Iterator[Figure]:
    for kind in options.kinds:
        ours, bare = repeat(kind, options, places, at_once(10, TOKENS))
        yield first_token(f"Added time to first token, 10 streams, {kind}", ours, bare, goal=4)
        yield cpu(f"CPU for 1,000 tokens, 10 streams, {kind}", ours, bare, goal=2)


def measure_100(options: Options, places: Places) -> Iterator[Figure]:
    for kind in options.kinds:
        ours, bare = repeat(kind, options, places, at_once(options.many, TOKENS))
        count = f"{options.many} streams, {kind}"
        yield first_token(f"Added time to first token, {count}", ours, bare, goal=10)
        yield Figure(
            f"Added latency of a token p99 less the merging, {count}", "ms",
            [max(0.0, result.later_p99 - MERGED_MS) for result in ours],
            [result.later_p99 for result in bare], goal=4,
        )  # fmt: skip
        yield cpu(f"CPU for 1,000 tokens, {count}", ours, bare, goal=2)


def measure_500(options: Options, places: Places) -> Iterator[Figure]:
    """More than a core can carry: none may be refused or lost."""
    for kind in options.kinds:
        play = at_once(options.most, TOKENS)
        with servers.upstream() as upstream, servers.playground(kind, places.new(), upstream) as ours:
            result = asyncio.run(play(ours, True))
        count = f"{options.most} streams offered, {kind}"
        failures = len(result.failures)
        note = streams.describe(result.failures)
        yield Figure(f"Failed of {count}", "", [failures], met=not failures, note=note)
        yield Figure(f"Time to first token p50 of {count}", "ms", [result.first_p50])
        yield Figure(f"Time to first token p99 of {count}", "ms", [result.first_p99])


def repeat(kind: str, options: Options, places: Places, play: Play) -> Both:
    """Bare and ours in turn, so that both have the same neighbours on this machine."""
    ours: list[Result] = []
    bare: list[Result] = []
    with (
        servers.upstream() as upstream,
        servers.relay(kind, upstream) as relay,
        servers.playground(kind, places.new(), upstream) as playground,
    ):
        for _ in range(options.repeats):
            bare.append(asyncio.run(play(relay, False)))
            ours.append(asyncio.run(play(playground, True)))
    return ours, bare


def at_once(count: int, tokens: int) -> Play:
    async def play(server: Running, is_playground: bool) -> Result:
        async with streams.visitors(server, count, is_playground=is_playground) as here:
            return await streams.run(server, here, tokens)

    return play


def one_by_one(count: int, delay: int) -> Play:
    async def play(server: Running, is_playground: bool) -> Result:
        async with streams.visitors(server, count, is_playground=is_playground) as here:
            return await streams.run_one_by_one(server, here, 5, delay)

    return play


def first_token(title: str, ours: list[Result], bare: list[Result], goal: float | None = None) -> Figure:
    note = streams.describe([failure for result in ours for failure in result.failures])
    return Figure(
        f"{title}, p50",
        "ms",
        [result.first_p50 for result in ours],
        [result.first_p50 for result in bare],
        goal,
        note=note,
    )


def cpu(title: str, ours: list[Result], bare: list[Result], goal: float) -> Figure:
    return Figure(
        title, "ms", [result.cpu_per_1000 for result in ours], [result.cpu_per_1000 for result in bare], goal
    )

"""Rows about the server at rest: its memory, its sockets, its start."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from bench import servers, streams
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running

SECONDS_TO_REST = 3.0
WARM = 20
KIB, MIB = 1024, 1024 * 1024

Make = Callable[[str, Path], Running]


def measure_memory(options: Options, places: Places) -> Iterator[Figure]:
    """An open page that does nothing: its socket follows its conversation."""
    for kind in options.kinds:
        ours, bare = [], []
        for _ in range(options.repeats):
            with servers.upstream() as upstream:
                with servers.relay(kind, upstream) as relay:
                    bare.append(
                        asyncio.run(memory_of_sockets(relay, options.idle_sockets, is_playground=False))
                    )
                with servers.playground(kind, places.new(), upstream) as playground:
                    ours.append(
                        asyncio.run(memory_of_sockets(playground, options.idle_sockets, is_playground=True))
                    )
        yield Figure(f"Memory of an idle socket, {kind}", "KiB", ours, bare, goal=2)


def measure_rest(options: Options, places: Places) -> Iterator[Figure]:
    for kind in options.kinds:
        ours = [resident(playground, kind, places.new()) for _ in range(options.repeats)]
        bare = [resident(bare_page, kind, places.new()) for _ in range(options.repeats)]
        yield Figure(f"Resident memory of the idle server, {kind}", "MiB", ours, bare, goal=3)


def measure_start(options: Options, places: Places) -> Iterator[Figure]:
    """From the start of the process to the first page, on a database that is migrated."""
    for kind in options.kinds:
        folder, other = places.new(), places.new()
        for make, where in ((playground, folder), (bare_page, other)):
            seconds_to_page(make(kind, where))
        ours = [seconds_to_page(playground(kind, folder)) for _ in range(options.repeats)]
        bare = [seconds_to_page(bare_page(kind, other)) for _ in range(options.repeats)]
        yield Figure(f"Cold start to the first page, {kind}", "s", ours, bare, goal=5)


def playground(kind: str, folder: Path) -> Running:
    return servers.playground(kind, folder)


def bare_page(kind: str, folder: Path) -> Running:
    return servers.bare_page(kind, "", folder)


async def memory_of_sockets(server: Running, count: int, *, is_playground: bool) -> float:
    """KiB for each: the process's own memory before and after."""
    async with streams.visitors(server, WARM, is_playground=is_playground):
        await asyncio.sleep(1)
        async with streams.visitors(server, 1, is_playground=is_playground) as (first,):
            await asyncio.sleep(1)
            before = server.own_memory()
            async with streams.more_like(first, count):
                await asyncio.sleep(1)
                return (server.own_memory() - before) / count / KIB


def resident(make: Make, kind: str, folder: Path) -> float:
    with make(kind, folder) as server:
        httpx.get(server.url, trust_env=False).raise_for_status()
        time.sleep(SECONDS_TO_REST)
        return server.resident_memory() / MIB


def seconds_to_page(server: Running) -> float:
    began = time.monotonic()
    try:
        server.start().wait()
        httpx.get(server.url, trust_env=False).raise_for_status()
        return time.monotonic() - began
    finally:
        server.stop()

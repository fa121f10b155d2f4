"""The usage page of somebody who has asked a hundred thousand times."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx

from bench import databases
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running
from tests.servers import ROOT

CALLS = 100_000
GOAL_MS = 300
WARM = 3


def measure_usage(options: Options, places: Places) -> Iterator[Figure]:
    """All of it, on SQLite and, if one is named, on PostgreSQL."""
    for name, server in databases.playgrounds(places):
        yield from measure_on(name, server, options)


def measure_on(name: str, server: Running, options: Options) -> Iterator[Figure]:
    fill = [sys.executable, "-m", "bench.books", str(CALLS)]
    subprocess.run(fill, cwd=ROOT, env=server.environment, check=True, capture_output=True)
    with server:
        for by in ("day", "model", "provider"):
            times = [seconds(server.url, by) for _ in range(WARM + options.few)][WARM:]
            took = [moment * 1000 for moment in times]
            met = statistics.median(took) <= GOAL_MS
            yield Figure(f"Usage by {by}, {CALLS:,} generations, {name}", "ms", took, met=met)


def seconds(url: str, by: str) -> float:
    began = time.perf_counter()
    httpx.get(f"{url}/usage/?range=all&by={by}", timeout=30, trust_env=False).raise_for_status()
    return time.perf_counter() - began

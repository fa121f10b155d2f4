"""The usage page of somebody who has asked a hundred thousand times."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx

from bench import servers
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places
from tests.servers import ROOT

CALLS = 100_000
GOAL_MS = 300
WARM = 3
# As the URL of a database of PostgreSQL that may be filled: that is then measured too.
POSTGRESQL = "BENCH_DATABASE_URL"


def measure_usage(options: Options, places: Places) -> Iterator[Figure]:
    """All of it, on SQLite and, if one is named, on PostgreSQL."""
    yield from measure_on("", places, options)
    if database := os.environ.get(POSTGRESQL, ""):
        yield from measure_on(database, places, options)


def measure_on(database: str, places: Places, options: Options) -> Iterator[Figure]:
    server = servers.playground("daphne", places.new())
    if database:
        server.environment["DATABASE_URL"] = database
    fill = [sys.executable, "-m", "bench.books", str(CALLS)]
    subprocess.run(fill, cwd=ROOT, env=server.environment, check=True, capture_output=True)
    name = "PostgreSQL" if database else "SQLite"
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

"""The history and the search of somebody with ten thousand conversations, and how much more than with a thousand."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape

import httpx

from bench import databases
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running
from bench.talks import COMMON, RARE
from tests.servers import ROOT

FEW, MANY = 1_000, 10_000
# A made-up million of messages: with this many conversations instead.
AS_MANY_AS = "BENCH_CONVERSATIONS"
WARM = 3
AS_ONE_TYPES = [COMMON[:end] for end in range(1, len(COMMON) + 1)] + [
    "river",
    "rive",
    "stone1",
    "mode",
    "mo",
    "the",
    "wa be",
]
THREE_FILTERS = [
    f"model:model-3 role:assistant tokens:>3000 {COMMON}",
    "tag:demo finish:length cost:>0.005",
    "provider:together has:star before:2036",
    f"tag:demo model:model-3 finish:length {RARE}",
]
# Milliseconds at the 95th percentile, and how much more ten times as much may cost.
GOALS = {"History, first page": (50, 1.3), "History, a deep page": (50, 1.3), "Search, as one types": (100, None),
         "Search, no hit": (100, 1.5), "Search, a common word": (100, 1.5), "Search, a rare word": (100, None),
         "Search, a phrase": (100, None), "Search, three filters": (200, None)}  # fmt: skip


def measure_history(options: Options, places: Places) -> Iterator[Figure]:
    """All of it, on SQLite and, if one is named, on PostgreSQL."""
    for name, server in databases.playgrounds(places):
        yield from measure_on(name, server, options)


def measure_on(name: str, server: Running, options: Options) -> Iterator[Figure]:
    many = int(os.environ.get(AS_MANY_AS, MANY))
    fill(server, FEW)
    with server:
        first, _ = taken(server, options, FEW)
        fill(server, many - FEW)
        last, busy = taken(server, options, many)
    for what, times in last.items():
        most, growth = GOALS[what]
        at_95 = statistics.quantiles(times, n=20)[-1]
        title = f"{what}, {many:,} conversations, {name}, p95"
        note = f"p50 {statistics.median(times):.1f} ms, {busy[what]:.1f} ms of processor"
        yield Figure(title, "ms", [at_95], met=at_95 <= most, note=note)
        if growth:
            yield Figure(
                f"{what}, {FEW:,} → {many:,} conversations, {name}", "ms", times, first[what], goal=growth
            )


def fill(server: Running, count: int) -> None:
    command = [sys.executable, "-m", "bench.talks", str(count)]
    subprocess.run(command, cwd=ROOT, env=server.environment, check=True, capture_output=True)


def taken(server: Running, options: Options, count: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Milliseconds of each request, and of the server's processor for one in the mean."""
    with httpx.Client(
        base_url=server.url, timeout=30, trust_env=False, headers={"HX-Request": "true"}
    ) as client:
        deep = deep_page(client, count // 2)
        asked = {
            "History, first page": ["/history/"],
            "History, a deep page": [deep],
            "Search, as one types": [searched(each, typing=True) for each in AS_ONE_TYPES],
            "Search, no hit": [searched("zyzzyva")],
            "Search, a common word": [searched(COMMON)],
            "Search, a rare word": [searched(RARE)],
            "Search, a phrase": [searched(f'"{RARE} {COMMON}"'), searched('"river0 stone0"')],
            "Search, three filters": [searched(each) for each in THREE_FILTERS],
        }
        found, busy = {}, {}
        for what, paths in asked.items():
            times(client, paths, WARM)
            began = server.cpu()
            found[what] = times(client, paths, options.few)
            busy[what] = (server.cpu() - began) * 1000 / len(found[what])
        return found, busy


def deep_page(client: httpx.Client, entries: int) -> str:
    """The one after so many, by the links that lead there."""
    path = "/history/"
    while entries > 0:
        text = client.get(path).text
        entries -= text.count("data-entry=")
        found = re.search(r'href="([^"]*after=[^"]*)"', text)
        assert found
        path = unescape(found[1])
    return path


def searched(query: str, typing: bool = False) -> str:
    return f"/search/?{httpx.QueryParams({'q': query, **({'typing': '1'} if typing else {})})}"


def times(client: httpx.Client, paths: list[str], repeats: int) -> list[float]:
    found: list[float] = []
    for path in paths * repeats:
        began = time.perf_counter()
        client.get(path).raise_for_status()
        found.append((time.perf_counter() - began) * 1000)
    return found

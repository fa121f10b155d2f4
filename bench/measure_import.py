"""A long file is imported: how long that takes, what the server grows by, and how long others wait meanwhile."""

import itertools
import json
import statistics
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx

from bench import servers
from bench.figures import Figure
from bench.options import Options
from bench.servers import Places, Running

MIB = 1024 * 1024
PIECE = 4 * MIB
MESSAGES = 12
# The file has 500 MB at most, and what is in memory is one conversation and what SQLite keeps.
MOST_GROWTH_MIB = 200
MOST_WAIT_MS = 100
TEXT = "some words of a message, as long as they are. " * 30


def measure_import(options: Options, places: Places) -> Iterator[Figure]:
    count = 2_000 if options.quick else 20_000
    content = file_of(count)
    with servers.playground("daphne", places.new()) as server, client_of(server) as client:
        client.get("/").raise_for_status()
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        at_rest = server.resident_memory()
        waits, done = Waits(server.url), threading.Event()
        watching = threading.Thread(target=waits.watch, args=(done,))
        watching.start()
        upload(client, content)
        began, cpu, most = time.perf_counter(), server.cpu(), at_rest
        while 'data-status="running"' in client.get("/transfers/").text:
            most = max(most, server.resident_memory())
            time.sleep(0.5)
        took = time.perf_counter() - began
        done.set()
        watching.join()
        assert f"{count:,} conversations" in client.get("/transfers/").text
        size = f"{len(content) // MIB} MiB, {count * MESSAGES:,} messages"
        yield Figure("Import", "s", [took], note=f"{size}, {server.cpu() - cpu:.0f} s of processor time")
        growth = (most - at_rest) / MIB
        yield Figure("Import, growth of the server", "MiB", [growth], met=growth <= MOST_GROWTH_MIB)
        p95 = statistics.quantiles(waits.times, n=20)[-1]
        yield Figure("A request meanwhile, p95", "ms", [p95], met=p95 <= MOST_WAIT_MS)


def file_of(count: int) -> bytes:
    """ShareGPT, of made-up conversations."""
    turns = [
        {"from": who, "value": TEXT} for who in itertools.islice(itertools.cycle(("human", "gpt")), MESSAGES)
    ]
    return b"\n".join(json.dumps({"id": str(n), "conversations": turns}).encode() for n in range(count))


def client_of(server: Running) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=60, trust_env=False)


def upload(client: httpx.Client, content: bytes) -> None:
    form = {"command": str(uuid4()), "name": "bench.jsonl", "size": str(len(content))}
    id = client.post("/transfers/uploads/", data=form).json()["id"]
    for at in range(0, len(content), PIECE):
        piece, kind = content[at : at + PIECE], {"Content-Type": "application/octet-stream"}
        client.post(f"/transfers/{id}/pieces/?at={at}", content=piece, headers=kind).raise_for_status()


class Waits:
    """What somebody else waits for the shortest of requests, in milliseconds."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.times: list[float] = []

    def watch(self, done: threading.Event) -> None:
        with httpx.Client(base_url=self._url, timeout=60, trust_env=False) as client:
            while not done.wait(0.02):
                began = time.perf_counter()
                client.get("/healthz")
                self.times.append((time.perf_counter() - began) * 1000)

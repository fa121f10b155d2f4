"""Readers that fall asleep cost the server nothing, and get the rest when they wake."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psutil

from tests.crash.reader import Reader
from tests.crash.site import Site, wait_for
from tests.servers import Server
from tests.upstream import Gate, Upstream, stream

READERS = 50
PIECE = "0123456789abcdef" * 256  # 4 kB
PIECES = 512
MOST_GROWTH = 50 * 1024 * 1024


def memory(server: Server) -> int:
    assert server.process
    return int(psutil.Process(server.process.pid).memory_info().rss)


def test_fifty_sleeping_readers_of_two_megabytes(server: Server, site: Site, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("first", gate, *[PIECE] * PIECES))
    conversation = site.starts("mirror")
    generation = site.generation_of(conversation)
    with ExitStack() as stack, ThreadPoolExecutor(10) as threads:
        readers = [stack.enter_context(Reader(server, generation)) for _ in range(READERS)]
        before = memory(server)
        gate.open()
        wait_for(lambda: site.statuses() == ["finished"])
        growth = memory(server) - before
        print(f"{READERS} sleeping readers: the server grew by {growth / 1024 / 1024:.1f} MB")  # noqa: T201
        assert growth < MOST_GROWTH
        texts = list(threads.map(lambda reader: reader.read_to_the_end(), readers))
        woken = memory(server) - before
        print(f"Awake again: {woken / 1024 / 1024:.1f} MB")  # noqa: T201
    assert all(text == "first" + PIECE * PIECES for text in texts)
    assert {reader.status for reader in readers} == {"finished"}
    assert woken < MOST_GROWTH

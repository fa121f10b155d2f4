"""Which processor cores measure and which are measured: the server has one to itself wherever there are two."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

ALL = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SEPARATE = len(ALL) > 1
SERVER, LOAD = (ALL[:1], ALL[1:2]) if SEPARATE else (ALL, ALL)


@contextmanager
def on(cores: list[int]) -> Iterator[None]:
    """Processes that are started in here run on these cores, and so do the threads that they start."""
    if not SEPARATE:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)

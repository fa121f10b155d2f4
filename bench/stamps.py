"""Tokens that say when they were sent, by the clock that all processes of a machine share."""

import re
import time

# The first token of an answer also says when its request arrived.
STAMP = re.compile(r"@(\d+)(?:,(\d+))?;")


def stamp(arrived: int | None = None) -> str:
    return f" @{time.monotonic_ns()};" if arrived is None else f" @{time.monotonic_ns()},{arrived};"


def read_stamps(text: str) -> list[tuple[int, int | None]]:
    """When each token in this text was sent, and when the request of a first token had arrived: nanoseconds."""
    return [(int(sent), int(arrived) if arrived else None) for sent, arrived in STAMP.findall(text)]

"""How long to wait for a provider, and how much to take from it."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, counts and bytes. `silence` is a gap between two bytes after the headers; comments end it.

    `first_token` runs until the model says something, whatever else arrives.
    """

    connect: float = 10.0
    write: float = 60.0
    first_token: float = 600.0
    silence: float = 300.0
    total: float = 3600.0
    retries: int = 2
    longest_wait: float = 60.0
    event_bytes: int = 16 * MIB
    answer_bytes: int = 64 * MIB

"""Row ids: UUIDs of version 7 (RFC 9562), so that the order of ids is the order in which rows were made."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """48 bits of milliseconds, 12 bits of their fraction, 62 random bits. Never less than the one before."""
    global _last
    with _lock:
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        _last = max(_last + 1, milliseconds << 12 | rest * 4096 // 1_000_000)
        stamp = _last
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return uuid.UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)


def first_id_at(moment: datetime) -> uuid.UUID:
    """No id that was made from this moment on is less."""
    return uuid.UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)

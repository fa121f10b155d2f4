"""Bytes as somebody uploads them, and what becomes of them: entries, or a refusal in words."""

import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from chat.imports.files import Source
from chat.imports.refusing import CannotRead


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def read(content: bytes) -> list[Any]:
    return [entry for _, entry in Source(io.BytesIO(content)).entries()]


def refusal(content: bytes) -> str:
    with pytest.raises(CannotRead) as refused:
        read(content)
    return str(refused.value)


def memory_for(act: Callable[[], Any]) -> int:
    """The most bytes that were held at once."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

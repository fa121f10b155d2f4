"""A server that has ASGI's lifespan is told by it what daphne is told by `manage.py serve`."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chat import housekeeping
from chat.lock import DataFolderTaken


def test_a_folder_that_is_taken_fails_the_start_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise uvicorn would go on without, and the first request would end it."""
    sent: list[Any] = []

    def taken(folder: Path) -> int:
        raise DataFolderTaken("Another playground already runs on it.")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("nothing is served")

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    monkeypatch.setattr(housekeeping, "hold_data_folder", taken)
    monkeypatch.setattr(housekeeping.settings, "REDIS_URL", "", raising=False)
    asyncio.run(housekeeping.with_housekeeping(application)({"type": "lifespan"}, receive, send))
    assert sent == [{"type": "lifespan.startup.failed", "message": "Another playground already runs on it."}]

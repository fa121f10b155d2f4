"""The page's one socket, and an answer that is being written."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from chat.models import Conversation, Generation


@pytest.fixture(autouse=True)
def _log_in_memory(settings: Any) -> None:
    """What is appended can be read at once. Reading from Redis has tests of its own."""
    settings.REDIS_URL = ""


@pytest.fixture
def _layer_in_memory(settings: Any) -> None:
    """Who listens can be counted."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.fixture
def running(conversation: Conversation) -> Generation:
    return Generation.objects.create(owner=conversation.owner, conversation=conversation, model="m")


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield

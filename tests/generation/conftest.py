"""Conversations that several files of tests begin with."""

import pytest

from chat.models import Conversation

from .waiting import limited


@pytest.fixture
def one_at_a_time(conversation: Conversation) -> Conversation:
    return limited(conversation, 1)

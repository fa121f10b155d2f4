"""Conversations that several files of tests begin with."""

import pytest

from chat.models import Conversation, LanguageModel

from .spending import PRICE
from .waiting import limited


@pytest.fixture
def one_at_a_time(conversation: Conversation) -> Conversation:
    return limited(conversation, 1)


@pytest.fixture
def priced(conversation: Conversation) -> Conversation:
    LanguageModel.objects.update(price_input=PRICE, price_output=PRICE)
    return conversation

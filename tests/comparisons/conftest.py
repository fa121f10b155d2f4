"""A comparison that anybody may look at, and a blind round made of it."""

from typing import Any

import pytest

from chat.comparisons.blind import begin_round
from chat.models import Comparison, Provider

from .answering import of_models


@pytest.fixture
def open_one(alice: Any, provider: Provider) -> Comparison:
    """Nothing is hidden in it."""
    return of_models(alice, provider, "one", "two", "three")


@pytest.fixture
def hidden(open_one: Comparison) -> Comparison:
    return begin_round(open_one)

"""A comparison that anybody may look at, and a blind round made of it."""

from typing import Any

import pytest

from chat.comparisons.blind import begin_round
from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Pane, Provider

from .answering import of_models


@pytest.fixture
def open_one(alice: Any, provider: Provider) -> Comparison:
    """Nothing is hidden in it."""
    return of_models(alice, provider, "one", "two", "three")


@pytest.fixture
def hidden(open_one: Comparison) -> Comparison:
    return begin_round(open_one)


@pytest.fixture
def panes(alice: Any) -> list[Pane]:
    """Three, in which nothing was said."""
    return compare(alice, [Conversation(owner=alice) for _ in range(3)]).shown_panes()

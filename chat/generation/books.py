"""The line of the books for a generation that has just ended, in the transaction of its end."""

from collections.abc import Mapping
from typing import Any

from chat.models import Charge, Generation, Status


def book(generation: Generation, status: Status, facts: Mapping[str, Any], request_bytes: int = 0) -> float:
    """What it cost. `facts` are the fields that the end has written. What was never sent is no call."""
    for name, value in facts.items():
        setattr(generation, name, value)
    generation.status = status
    if generation.unsent:
        return 0.0
    charge = Charge.of(generation, request_bytes)
    charge.save(force_insert=True)
    return charge.cost or 0.0

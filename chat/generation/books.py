"""The line of the books for a generation that has just ended, in the transaction of its end."""

from collections.abc import Mapping
from typing import Any

from chat.models import Charge, Generation, Status


def book(generation: Generation, status: Status, facts: Mapping[str, Any], request_bytes: int = 0) -> None:
    """`facts` are the fields that the end has written."""
    for name, value in facts.items():
        setattr(generation, name, value)
    generation.status = status
    Charge.of(generation, request_bytes).save(force_insert=True)

"""A file that somebody uploads and imports, and what is left of it."""

import json
from typing import Any
from uuid import uuid4

from chat.models import Comparison, Conversation, Message, Transfer
from chat.transfers import uploads
from chat.transfers.jobs import Jobs


def uploaded(owner: Any, content: bytes, name: str = "conversations.json") -> Transfer:
    transfer = uploads.begin(owner, uuid4(), name, len(content))
    assert uploads.take(transfer, 0, content)
    transfer.refresh_from_db()
    return transfer


def imported(owner: Any, content: bytes) -> Transfer:
    transfer = uploaded(owner, content)
    Jobs().carry_out(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def dumped(*values: Any) -> bytes:
    return json.dumps(values).encode()


def many(count: int, length: int = 4) -> bytes:
    turns = [{"from": "human", "value": f"Message {n}"} for n in range(length)]
    return dumped(*({"id": str(n), "conversations": turns} for n in range(count)))


def nothing_is_left(transfer: Transfer) -> bool:
    rows = [*Conversation.objects.filter(transfer=transfer), *Comparison.objects.filter(transfer=transfer)]
    return not rows and not Message.objects.exists() and not uploads.file_of(transfer.pk).exists()

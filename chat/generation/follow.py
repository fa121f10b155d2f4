"""Tells a page that what it shows has changed: another tab sent, edited or switched, or took a pane away."""

from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async

from chat.models import Comparison, Conversation

from .doorbell import Bell
from .engine import Engine

# In case a ring was lost. Long: an open page costs one small query every so often.
SECONDS_BETWEEN_LOOKS = 15.0

FOLLOWED: dict[str, type[Comparison | Conversation]] = {
    "conversation": Conversation,
    "comparison": Comparison,
}


def topic_of(kind: str, id: UUID) -> str:
    return f"{kind}.{id}"


async def follow(engine: Engine, kind: str, id: UUID, version: int) -> AsyncIterator[str]:
    """`kind` is one of FOLLOWED."""
    bell = Bell()
    with engine.doorbell.listen(topic_of(kind, id), bell):
        while True:
            now = await sync_to_async(_version)(kind, id)
            if now is None:
                if kind == "comparison":
                    # Its page asks which panes there are now, and hears that it is gone.
                    yield changed(kind, id, version + 1)
                return
            if now != version:
                version = now
                yield changed(kind, id, version)
            await bell.wait(SECONDS_BETWEEN_LOOKS)


def changed(kind: str, id: UUID, version: int) -> str:
    return f'{{"type":"changed","{kind}":"{id}","version":{version}}}'


def _version(kind: str, id: UUID) -> int | None:
    rows = FOLLOWED[kind]._default_manager.filter(pk=id, deleted_at=None)
    return rows.values_list("version", flat=True).first()

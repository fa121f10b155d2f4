"""Tells a page that what its conversation shows has changed: another tab sent, edited or switched."""

from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async

from chat.models import Conversation

from .doorbell import Bell
from .engine import Engine

# In case a ring was lost. Long: an open page costs one small query every so often.
SECONDS_BETWEEN_LOOKS = 15.0


async def follow_conversation(engine: Engine, id: UUID, version: int) -> AsyncIterator[str]:
    bell = Bell()
    with engine.doorbell.listen(f"conversation.{id}", bell):
        while True:
            now = await sync_to_async(_version)(id)
            if now is None:
                return
            if now != version:
                version = now
                yield f'{{"type":"changed","conversation":"{id}","version":{version}}}'
            await bell.wait(SECONDS_BETWEEN_LOOKS)


def _version(id: UUID) -> int | None:
    return Conversation.objects.filter(pk=id, deleted_at=None).values_list("version", flat=True).first()

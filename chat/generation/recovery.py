"""Generations that nobody runs any more become *interrupted*, with their text kept.

A running row whose lease is over belongs to a process that died. Where the log outlived it, what the database did not
yet have is taken from there.
"""

import logging
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async
from django.db import DataError, IntegrityError, close_old_connections, transaction

from chat.models import Generation, Message, Status
from chat.models.generation import GenerationQuerySet

from .answer import Answer
from .books import book
from .engine import Engine
from .log import LogUnavailable
from .saver import message_fields

logger = logging.getLogger(__name__)

MESSAGE = "The server stopped while the model was answering. What had arrived is kept."
UNSENT = "The server stopped before this was sent."
ONE_ROUND = 200
WHOLE_LOG = 1 << 30


async def recover(engine: Engine, *, all_running: bool = False) -> int:
    """End every abandoned generation; with `all_running`, each that is no task of this process. Returns how many."""
    ids = await sync_to_async(_abandoned)(all_running)
    count = 0
    for id in ids:
        if id not in engine.tasks and await _interrupt(engine, id):
            count += 1
    if count:
        logger.info("Recovered %d interrupted answers", count)
    return count


async def _interrupt(engine: Engine, id: UUID) -> bool:
    read, answers = await _answers_in_log(engine, str(id))
    try:
        won = await sync_to_async(_store)(id, read, answers)
    except (DataError, IntegrityError):
        logger.exception("The database refuses words of generation %s: it keeps those it has", id)
        won = await sync_to_async(_store)(id, 0, {})
    if won:
        engine.log.end(str(id), orjson.dumps({"type": "end", "status": str(Status.INTERRUPTED)}))
        engine.doorbell.ring(str(id))
    return won


async def _answers_in_log(engine: Engine, name: str) -> tuple[int, dict[int, Answer]]:
    """How many events there are, and what they say."""
    answers: dict[int, Answer] = {}
    read = 0
    try:
        while lines := await engine.log.read(name, read, WHOLE_LOG):
            for line in lines:
                event = orjson.loads(line)
                if "choice" in event:
                    answers.setdefault(event["choice"], Answer()).take(event)
            read += len(lines)
    except LogUnavailable:
        return 0, {}
    return read, answers


def _abandoned(all_running: bool) -> list[UUID]:
    close_old_connections()
    rows: GenerationQuerySet = Generation.objects.all()
    rows = rows.running() if all_running else rows.abandoned()
    return list(rows.values_list("pk", flat=True)[:ONE_ROUND])


def _store(id: UUID, read: int, answers: dict[int, Answer]) -> bool:
    close_old_connections()
    row = Generation.objects.filter(pk=id)
    with transaction.atomic():
        generation = row.defer("request").first()
        if generation is None:
            return False
        message, used = (UNSENT, {"estimate": None}) if generation.unsent else (MESSAGE, {})
        error = {"message": message, "retryable": True}
        won = row.end(Status.INTERRUPTED, error=error, lease_until=None, **used)
        if won:
            book(generation, Status.INTERRUPTED, {})
        # The database may have more than the log: Redis was away, and the process died before it came back.
        if won and row.filter(sequence__lt=read).update(sequence=read):
            for choice, answer in answers.items():
                Message.objects.filter(generation=id, choice=choice).update(**message_fields(answer))
    return won

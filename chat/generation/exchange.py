"""From what was recorded of a call to the row that keeps it."""

import logging
from dataclasses import asdict
from uuid import UUID

from django.db import DataError, transaction

from chat.completions import Recorder
from chat.models import Exchange

logger = logging.getLogger(__name__)


def exchange_of(generation: UUID, recorder: Recorder) -> Exchange:
    arrivals = recorder.arrivals
    return Exchange(
        generation_id=generation,
        request_headers=recorder.request_headers,
        status=recorder.status,
        response_headers=recorder.response_headers,
        events=Exchange.pack(arrivals) if recorder.count else None,
        event_count=recorder.count,
        failed=[asdict(attempt) for attempt in recorder.failed],
    )


def keep(exchange: Exchange | None) -> None:
    """In a transaction of its own inside that of the end, which must not fail for what it only shows."""
    try:
        with transaction.atomic():
            if exchange:
                exchange.save(force_insert=True)
    except DataError:
        logger.exception("Could not keep the exchange of a generation")

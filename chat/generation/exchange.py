"""From what was recorded of a call to the row that keeps it."""

from dataclasses import asdict
from uuid import UUID

from chat.completions import Recorder
from chat.models import Exchange


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

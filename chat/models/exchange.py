import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import models

from .generation import Generation
from .identifiers import first_id_at

EVENTS_KEPT = timedelta(days=30)

# Milliseconds since the call was accepted, and the data of one server-sent event as it came.
Arrival = tuple[float, str]


class Exchange(models.Model):
    """What went over the wire for one generation, beside the request that the generation keeps itself.

    Headers are stored with the key already masked. `events` holds the arrivals, compressed; how many they were in all
    stands in `event_count`, however many of them were kept.
    """

    generation = models.OneToOneField(Generation, models.CASCADE, primary_key=True, related_name="exchange")
    request_headers = models.JSONField(default=dict, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    response_headers = models.JSONField(default=dict, blank=True)
    events = models.BinaryField(null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0)
    # The attempts before this one: when each began and failed, its status, and why it was repeated.
    failed = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["generation"], condition=models.Q(events__isnull=False), name="raw_events_kept"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status}: {self.event_count} events"

    @classmethod
    def drop_old_events(cls, now: datetime) -> int:
        """Of calls of more than EVENTS_KEPT ago. All else about them stays."""
        kept = cls.objects.filter(events__isnull=False, generation_id__lt=first_id_at(now - EVENTS_KEPT))
        return kept.update(events=None)

    @staticmethod
    def pack(arrivals: Sequence[Arrival]) -> bytes:
        return zlib.compress(orjson.dumps(arrivals), 1)

    @property
    def arrivals(self) -> list[Arrival]:
        """Those that are still kept."""
        found: list[Any] = orjson.loads(zlib.decompress(bytes(self.events))) if self.events else []
        return [(at, data) for at, data in found]

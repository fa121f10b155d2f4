"""What a call was sent beside the conversation: its request without the messages."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

# A request holds the whole conversation up to it: reading all requests of a long one would cost the square of its
# length. So the database takes the messages out. The keys stay in their order in both.
_SQLITE = "SELECT id, json_remove(request, '$.messages') FROM chat_generation WHERE id IN ({ids})"
_POSTGRESQL = """
    SELECT id, (
        SELECT json_object_agg(key, value ORDER BY place)::text
        FROM json_each(request::json) WITH ORDINALITY AS each(key, value, place) WHERE key <> 'messages'
    ) FROM chat_generation WHERE id IN ({ids})
"""


def settings_of_calls(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    native = connection.features.has_native_uuid_field
    query = (_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL).format(
        ids=", ".join(["%s"] * len(ids))
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [id if native else id.hex for id in ids])
        return {UUID(str(id)): json.loads(request or "{}") for id, request in cursor.fetchall()}

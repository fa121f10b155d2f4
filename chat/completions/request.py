"""The body of a request: what the user set, and nothing else."""

import json
from collections.abc import Mapping, Sequence

import orjson

from chat.sampling import payload

from .dialects import DIALECTS


def build_chat_body(
    dialect: str,
    model: str,
    messages: Sequence[Mapping[str, object]],
    settings: Mapping[str, object],
    *,
    stream: bool = True,
) -> dict[str, object]:
    """Model, messages and stream first, then the set parameters. A setting cannot replace the first two."""
    wanted = payload(settings, dialect)
    stream = bool(wanted.pop("stream", stream))
    body: dict[str, object] = {"model": model, "messages": list(messages), "stream": stream}
    for key, value in wanted.items():
        body.setdefault(key, value)
    if stream and DIALECTS[dialect].asks_for_usage:
        body.setdefault("stream_options", {"include_usage": True})
    return body


def encode_body(body: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        # Lone surrogates and integers beyond 64 bits, which JSON itself allows.
        return json.dumps(body).encode()

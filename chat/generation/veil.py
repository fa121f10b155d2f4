"""What a reader of a blind round gets of a log: the words of the model, and nothing by which one could know it.

Only what is named here is let through. An event that is not keeps its place, so that numbers stay what they are.
"""

from typing import Any

import orjson

LET_THROUGH = {
    "text": ("choice", "text"),
    "reasoning": ("choice", "text"),
    "text_was_reasoning": ("choice",),
    "refusal": ("choice", "text"),
    # Not its id: each provider writes them in a way of its own.
    "tool_call": ("choice", "index", "name", "arguments"),
    "end": ("status",),
}
HIDDEN = b'{"type":"hidden"}'


def veiled(event: bytes) -> bytes:
    found = orjson.loads(event)
    kind = found["type"]
    if kind not in LET_THROUGH:
        return HIDDEN
    return orjson.dumps({"type": kind, **{name: found[name] for name in LET_THROUGH[kind] if name in found}})


def without_ids(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answers as the database has them, without the ids of their tool calls."""
    return [
        {**answer, "tool_calls": [{**call, "id": ""} for call in answer["tool_calls"]]} for answer in answers
    ]

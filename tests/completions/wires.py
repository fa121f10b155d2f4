"""An answer as bytes."""

import json

from .asking import STOP, chunk

SSE = "text/event-stream"


def event(text: str) -> bytes:
    return b"data: " + json.dumps(chunk(content=text), ensure_ascii=False).encode() + b"\n\n"


END = b"data: " + json.dumps(STOP).encode() + b"\n\n" + b"data: [DONE]\n\n"

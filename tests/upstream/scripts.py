"""The usual scripts: a stream, a stream of given events, a body of given bytes, a whole reply."""

import json
from collections.abc import Mapping
from typing import Any

from .steps import SSE, Done, Event, Finish, Head, Say, Script, Send, Step

JSON = {"Content-Type": "application/json"}


def stream(*parts: str | Step, finish: str = "stop") -> Script:
    """A whole good answer: texts are said, steps are played where they stand."""
    middle = [Say(part) if isinstance(part, str) else part for part in parts]
    said = sum(isinstance(part, str) for part in parts)
    return Script([Head(), *middle, Finish(finish, tokens=said), Done()])


def events(*items: Any, done: bool = True) -> Script:
    """A stream of these events: objects as JSON, text as it is."""
    return Script([Head(), *(Event(item) for item in items), *([Done()] if done else [])])


def body(data: bytes | str, status: int = 200, headers: Mapping[str, str] = SSE) -> Script:
    """These bytes, chunked."""
    return Script([Head(status, headers), Send(data.encode() if isinstance(data, str) else data)])


def reply(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Script:
    """A whole answer with its length. Bytes and text as they are, anything else as JSON."""
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content)
    data = content.encode() if isinstance(content, str) else content
    return Script([Head(status, {**JSON, **(headers or {})}, f"length:{len(data)}"), Send(data)])

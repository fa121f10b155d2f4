"""Reads a stream of the demo provider."""

import json
from typing import Any

import httpx


def chunks(response: httpx.Response) -> list[dict[str, Any]]:
    """The payloads. The stream must be well formed and end with [DONE]."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done, rest = response.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def choices(response: httpx.Response, index: int = 0) -> list[dict[str, Any]]:
    found = (choice for chunk in chunks(response) for choice in chunk["choices"])
    return [choice for choice in found if choice["index"] == index]


def content(response: httpx.Response, index: int = 0) -> str:
    return "".join(choice["delta"].get("content") or "" for choice in choices(response, index))


def text(response: httpx.Response) -> str:
    return "".join(choice["text"] for choice in choices(response))

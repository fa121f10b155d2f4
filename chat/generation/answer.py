"""What has been said so far, built from events: by the writer as they come, by the recovery from a log.

An event is a plain dict with a `type`, as docs/protocol.md lists them.
"""

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass(slots=True)
class Answer:
    """One choice. Pieces are kept apart and joined when somebody asks: an append costs nothing."""

    text_pieces: list[str] = field(default_factory=list)
    reasoning_pieces: list[str] = field(default_factory=list)
    refusal: str = ""
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)
    logprobs: list[Any] = field(default_factory=list)
    finish_reason: str = ""

    @property
    def text(self) -> str:
        return _join(self.text_pieces)

    @property
    def reasoning(self) -> str:
        return _join(self.reasoning_pieces)

    @property
    def parts(self) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = []
        if self.text:
            parts.append({"type": "text", "text": self.text})
        if self.refusal:
            parts.append({"type": "refusal", "refusal": self.refusal})
        parts += ({"type": "image_url", "image_url": {"url": url}} for url in self.images)
        parts += ({"type": "annotation", "annotation": data} for data in self.annotations)
        return parts

    def take(self, event: Event) -> None:
        match event["type"]:
            case "text":
                self.text_pieces.append(event["text"])
            case "reasoning":
                self.reasoning_pieces.append(event["text"])
            case "text_was_reasoning":
                self.reasoning_pieces += self.text_pieces
                self.text_pieces = []
            case "refusal":
                self.refusal += event["text"]
            case "tool_call":
                self._take_tool_call(event)
            case "image":
                self.images.append(event["url"])
            case "annotation":
                self.annotations.append(event["data"])
            case "logprobs":
                self.logprobs += event["tokens"]
            case "finish":
                self.finish_reason = event["reason"]

    def _take_tool_call(self, event: Event) -> None:
        while len(self.tool_calls) <= event["index"]:
            self.tool_calls.append({"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
        call = self.tool_calls[event["index"]]
        call["id"] = event["id"] or call["id"]
        call["function"]["name"] = event["name"] or call["function"]["name"]
        call["function"]["arguments"] += event["arguments"]


def _join(pieces: list[str]) -> str:
    if len(pieces) > 1:
        pieces[:] = ["".join(pieces)]
    return pieces[0] if pieces else ""

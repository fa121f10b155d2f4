"""From the provider's events to the log: merges what comes within 25 ms, numbers it, rings the doorbell."""

import asyncio
from collections.abc import Iterable
from typing import Any

import orjson

from chat.completions import events as upstream

from .answer import Answer, Event
from .doorbell import Doorbell
from .log import Sink

SECONDS_MERGED = 0.025
MERGED = frozenset({"text", "reasoning", "refusal"})
# They say nothing of the answer. The database does not count them, so that who comes late hears them again.
PASSING = frozenset({"queued", "retrying"})
# A reader gets whole events, so none may be larger than what a stalled reader may cost.
LONGEST_PIECE = 16 * 1024


class Writer:
    """Everything that one generation has said. `sequence` counts the events in its log."""

    def __init__(self, name: str, choices: int, log: Sink, doorbell: Doorbell) -> None:
        self.name = name
        self.answers = [Answer() for _ in range(choices)]
        self.sequence = 0
        self.dirty = False
        self._log = log
        self._doorbell = doorbell
        self._pending: list[Event] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = -1.0

    def add(self, event: Event) -> None:
        """Take one event. The first one is readable at once, later ones within the merging time."""
        choice = event.get("choice", 0)
        if choice >= len(self.answers):
            return
        self.answers[choice].take(event)
        for piece in pieces_of(event):
            if not self._merge(piece):
                self._pending.append(piece)
        if self._timer is None:
            self._flush_soon()

    def flush(self) -> None:
        """Everything taken so far goes into the log."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._pending:
            return
        events = [orjson.dumps(event) for event in self._pending]
        self.dirty = self.dirty or any(event["type"] not in PASSING for event in self._pending)
        self._pending = []
        self._flushed_at = asyncio.get_running_loop().time()
        self._append(events)

    def end(self, event: Event) -> None:
        """The last event. The database has the end already."""
        self.flush()
        self._append([orjson.dumps(event)])
        self._log.close(self.name)

    def _append(self, events: list[bytes]) -> None:
        self._log.append(self.name, events)
        self.sequence += len(events)
        self._doorbell.ring(self.name)

    def _merge(self, event: Event) -> bool:
        if not self._pending:
            return False
        last = self._pending[-1]
        if last["type"] == event["type"] == "queued":
            self._pending[-1] = event
            return True
        if event["type"] not in MERGED:
            return False
        if last["type"] != event["type"] or last["choice"] != event["choice"]:
            return False
        if len(last["text"]) + len(event["text"]) > LONGEST_PIECE:
            return False
        last["text"] += event["text"]
        return True

    def _flush_soon(self) -> None:
        """At once, or on the next beat, which is the same for all answers: many of them wake the loop once."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now - self._flushed_at >= SECONDS_MERGED:
            self.flush()
        else:
            self._timer = loop.call_at((now // SECONDS_MERGED + 1) * SECONDS_MERGED, self.flush)


def pieces_of(event: Event) -> list[Event]:
    """The event itself, or its text in several."""
    if event["type"] not in MERGED or len(event["text"]) <= LONGEST_PIECE:
        return [event]
    text = event["text"]
    starts = range(0, len(text), LONGEST_PIECE)
    return [{**event, "text": text[start : start + LONGEST_PIECE]} for start in starts]


def wire_events(event: upstream.Event) -> Iterable[Event]:  # noqa: C901, a table
    """A provider's event as our log has it. What is only for the server's own books gives none."""
    match event:
        case upstream.Text(text, choice):
            yield {"type": "text", "choice": choice, "text": text}
        case upstream.Reasoning(text, choice):
            yield {"type": "reasoning", "choice": choice, "text": text}
        case upstream.TextWasReasoning(choice):
            yield {"type": "text_was_reasoning", "choice": choice}
        case upstream.Refusal(text, choice):
            yield {"type": "refusal", "choice": choice, "text": text}
        case upstream.ToolCall():
            yield {"type": "tool_call", "choice": event.choice, "index": event.index, "id": event.id or "",
                   "name": event.name or "", "arguments": event.arguments or ""}  # fmt: skip
        case upstream.Logprobs(tokens, choice):
            yield {"type": "logprobs", "choice": choice, "tokens": [_token(token) for token in tokens]}
        case upstream.Annotation(data, choice):
            yield {"type": "annotation", "choice": choice, "data": data}
        case upstream.Image(url, choice):
            yield {"type": "image", "choice": choice, "url": url}
        case upstream.Finish():
            yield {"type": "finish", "choice": event.choice, "reason": event.reason}
        case upstream.Retrying(attempt, wait, error):
            yield {"type": "retrying", "attempt": attempt, "seconds": round(wait, 1), "message": str(error)}


def _token(token: upstream.TokenLogprob) -> dict[str, Any]:
    return {
        "token": token.token,
        "logprob": token.logprob,
        "top": [{"token": text, "logprob": logprob} for text, logprob in token.top],
    }

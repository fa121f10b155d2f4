"""Asks a scripted upstream and keeps all that comes back."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chat.completions import (
    Client,
    CompletionError,
    Endpoint,
    Event,
    Finish,
    Limits,
    Reasoning,
    Text,
    TextWasReasoning,
    Usage,
)
from tests.upstream import Script, Upstream

Result = TypeVar("Result")
Kind = TypeVar("Kind")

KEY = "sk-test-0123456789abcdefghij"
BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


@dataclass
class Heard:
    events: list[Event] = field(default_factory=list)
    error: CompletionError | None = None
    slept: list[float] = field(default_factory=list)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    def text(self, choice: int = 0) -> str:
        return self._split(choice)[1]

    def reasoning(self, choice: int = 0) -> str:
        return self._split(choice)[0]

    def finish(self, choice: int = 0) -> str | None:
        return next((f.reason for f in self.of(Finish) if f.choice == choice), None)

    @property
    def usage(self) -> Usage | None:
        return next(iter(self.of(Usage)), None)

    def _split(self, choice: int) -> tuple[str, str]:
        """Reasoning and text, as a reader of the events would put them together."""
        reasoning, text = "", ""
        for event in self.events:
            if isinstance(event, Text) and event.choice == choice:
                text += event.text
            elif isinstance(event, Reasoning) and event.choice == choice:
                reasoning += event.text
            elif isinstance(event, TextWasReasoning) and event.choice == choice:
                reasoning, text = reasoning + text, ""
        return reasoning, text


def ask(
    upstream: Upstream,
    *scripts: Script,
    body: Mapping[str, Any] = BODY,
    limits: Limits | None = None,
    path: str = "/chat/completions",
) -> Heard:
    """Asks once; the scripts answer the attempts. Sleeps between attempts take no time and are noted."""
    upstream.drop_scripts()
    for script in scripts:
        upstream.script(script)
    return run(_ask(Endpoint(upstream.base_url, KEY), body, limits or Limits(), path))


async def _ask(endpoint: Endpoint, body: Mapping[str, Any], limits: Limits, path: str) -> Heard:
    heard = Heard()

    async def sleep(seconds: float) -> None:
        heard.slept.append(seconds)

    client = Client(limits, sleep=sleep)
    try:
        async for event in client.stream(endpoint, body, path):
            heard.events.append(event)
    except CompletionError as error:
        heard.error = error
    finally:
        await client.aclose()
    return heard


def chunk(choice: int = 0, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"id": "c", "model": "m", "choices": [{"index": choice, "delta": delta, "finish_reason": finish}]}


USAGE = {"prompt_tokens": 20, "completion_tokens": 31, "total_tokens": 51}
STOP = chunk(finish="stop")

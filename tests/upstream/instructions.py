"""Model ids that say what to answer: `tokens-500-speed-50-seed-7`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .scripts import reply
from .steps import Cut, Done, Event, Finish, Hang, Head, Pause, Reset, Script, Step, Tokens
from .tokens import text_of, tokens_of

NAMES = ("tokens", "speed", "seed", "reasoning", "delay", "cut", "reset", "hang", "fail", "error")
PATTERN = re.compile(rf"(?:{'|'.join(NAMES)})-\d+(?:-(?:{'|'.join(NAMES)})-\d+)*")

FAILURE = {"error": {"message": "The engine went away.", "type": "server_error", "code": 500}}


@dataclass(frozen=True)
class Instructions:
    tokens: int = 100
    speed: int = 0
    seed: int = 1
    reasoning: int = 0
    delay: int = 0
    cut: int | None = None
    reset: int | None = None
    hang: int | None = None
    fail: int | None = None
    error: int | None = None

    def text(self) -> str:
        return text_of(self.seed, self.tokens)

    def script(self, body: Mapping[str, Any]) -> Script:
        if self.error is not None:
            return reply(
                self.error, {"error": {"message": f"Told to fail with {self.error}.", "code": "told"}}
            )
        before: list[Step] = [Pause(self.delay / 1000)] if self.delay else []
        choices = int(body.get("n") or 1)
        if not body.get("stream"):
            return Script(before) + whole_reply(body, self.text(), choices, self.tokens)
        thinking = Tokens(tokens_of(self.seed + 1, self.reasoning), self.speed, choices, "reasoning")
        return Script([*before, Head(), thinking, *self._answer(choices)])

    def _answer(self, choices: int) -> list[Step]:
        ends: dict[str, Step] = {"cut": Cut(), "reset": Reset(), "hang": Hang(), "fail": Event(FAILURE)}
        tokens = tokens_of(self.seed, self.tokens)
        for name, step in ends.items():
            if (after := getattr(self, name)) is not None:
                return [Tokens(tokens[:after], self.speed, choices), step]
        return [Tokens(tokens, self.speed, choices), Finish("stop", choices, self.tokens), Done()]


def read_instructions(model: str, default: Instructions | None = None) -> Instructions | None:
    """The instructions in a model id, or the default if it holds none."""
    if not PATTERN.fullmatch(model):
        return default
    words = model.split("-")
    told = {name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)}
    return Instructions(**told)


def whole_reply(body: Mapping[str, Any], text: str, choices: int, tokens: int) -> Script:
    message = {"role": "assistant", "content": text}
    return reply(200, {
        "id": "chatcmpl-whole",
        "object": "chat.completion",
        "model": body.get("model", ""),
        "choices": [{"index": i, "message": message, "finish_reason": "stop"} for i in range(choices)],
        "usage": {"prompt_tokens": 7, "completion_tokens": tokens, "total_tokens": 7 + tokens},
    })  # fmt: skip

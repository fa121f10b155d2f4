"""A whole answer, gathered from its steps."""

from dataclasses import dataclass, field
from typing import Any

from chat.demo.delta import CallFragment, Delta, Token


@dataclass(slots=True)
class Tally:
    """What one choice has said so far."""

    content: str = ""
    reasoning: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    spent: int = 0
    spent_reasoning: int = 0
    finish: str | None = None

    def gather(self, delta: Delta) -> None:
        self.content += delta.content
        self.reasoning += delta.reasoning
        self.tokens += delta.tokens
        self.spent += delta.spent
        self.spent_reasoning += delta.spent_reasoning
        self.finish = delta.finish or self.finish
        if delta.call:
            self._gather_call(delta.call)

    def _gather_call(self, fragment: CallFragment) -> None:
        if fragment.id:
            self.calls.append(call(fragment))
        else:
            self.calls[fragment.index]["function"]["arguments"] += fragment.arguments


def call(fragment: CallFragment) -> dict[str, Any]:
    """A call on the wire, or the next piece of one."""
    if not fragment.id:
        return {"index": fragment.index, "function": {"arguments": fragment.arguments}}
    function = {"name": fragment.name, "arguments": fragment.arguments}
    return {"index": fragment.index, "id": fragment.id, "type": "function", "function": function}


def usage(prompt_tokens: int, tallies: list[Tally]) -> dict[str, Any]:
    spent = sum(tally.spent for tally in tallies)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": spent,
        "total_tokens": prompt_tokens + spent,
        "completion_tokens_details": {"reasoning_tokens": sum(tally.spent_reasoning for tally in tallies)},
    }

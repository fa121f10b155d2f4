"""A turn that a file tells in blocks: texts, thoughts, calls of tools and what they gave, one after the other. PURE."""

from datetime import datetime
from typing import Any

from .pieces import call, text_part
from .talk import Said


class Turn:
    """The messages of one turn, of which each stands below the one before."""

    def __init__(self, role: str, at: datetime | None, facts: dict[str, Any] | None = None) -> None:
        self.messages: list[Said] = []
        self._role, self._at, self._facts = role, at, facts

    def say(self, text: str) -> None:
        if text:
            self._now().parts.append(text_part(text))

    def show(self, part: dict[str, Any]) -> None:
        self._now().parts.append(part)

    def think(self, text: str) -> None:
        now = self._now()
        now.reasoning = "\n\n".join(filter(None, (now.reasoning, text)))

    def call(self, id: str, name: str, arguments: Any) -> None:
        now = self._now()
        now.tool_calls.append(
            call(id or f"call-{len(now.tool_calls)}", name, {} if arguments is None else arguments)
        )

    def result(self, id: str, text: str) -> None:
        self.messages.append(Said("", None, "tool", [text_part(text)], tool_call_id=id, created_at=self._at))

    def _now(self) -> Said:
        """The message that goes on: behind the result of a tool a new one begins."""
        if not self.messages or self.messages[-1].role == "tool":
            self.messages.append(Said("", None, self._role, facts=self._facts, created_at=self._at))
        return self.messages[-1]

"""What the owner of a link chose to show. What is not chosen never gets into the snapshot."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

# Each with the words of its box, in the order of the dialog.
CHOICES = {
    "models": "Model names",
    "system_prompt": "System prompt",
    "settings": "Settings and provider",
    "facts": "Facts: times, tokens, how it ended",
    "reasoning": "Reasoning",
    "tools": "Tool calls and their results",
    "alternatives": "Alternatives, with all that was said below them",
}


@dataclass(frozen=True)
class Options:
    models: bool = True
    system_prompt: bool = False
    settings: bool = False
    facts: bool = False
    reasoning: bool = False
    tools: bool = False
    alternatives: bool = False
    # Empty: nobody is named.
    author: str = ""
    # Empty: that of the conversation.
    title: str = ""
    hidden: frozenset[UUID] = field(default_factory=frozenset)
    # Muted messages that are shown all the same.
    unmuted: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def left_out(self) -> list[str]:
        """What is told not to be there, whether there is any of it or not."""
        return [WITHOUT[name] for name in WITHOUT if not getattr(self, name)]

    def only(self, there: Collection[UUID]) -> "Options":
        """Without the ids of messages that are not among these."""
        ids = frozenset(there)
        return replace(self, hidden=self.hidden & ids, unmuted=self.unmuted & ids)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: sorted(map(str, value)) if isinstance(value, frozenset) else value
            for name, value in plain.items()
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Options":
        known = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        for name in ("hidden", "unmuted"):
            known[name] = frozenset(UUID(id) for id in known.get(name, ()))
        return cls(**known)


WITHOUT = {
    "models": "model names",
    "system_prompt": "system prompt",
    "settings": "settings",
    "facts": "facts of the answers",
    "reasoning": "reasoning",
    "tools": "tool calls",
    "alternatives": "alternatives",
}

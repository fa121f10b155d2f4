"""What every format is read into: a conversation as a tree of messages, before it is stored. PURE."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Said:
    """One message. `key` and `parent` mean something only inside of its talk."""

    key: str
    parent: str | None
    role: str  # system, user, assistant, tool
    parts: list[dict[str, Any]] = field(default_factory=list)
    reasoning: str = ""
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    tool_call_id: str = ""
    finish_reason: str = ""
    logprobs: Any = None
    original: list[dict[str, Any]] | None = None
    muted: bool = False
    starred: bool = False
    continues: bool = False
    # What its export told of the call that made it: {"model": …, "usage": …} (docs/export.md).
    facts: dict[str, Any] | None = None
    created_at: datetime | None = None


@dataclass(slots=True)
class Talk:
    """One conversation. Parents come before their children, the alternatives of a message in their order."""

    title: str = ""
    notes: str = ""
    system_prompt: str = ""
    # The saved prompt that gives its placeholders a meaning: {"name": …, "text": …, "variables": […]}.
    prompt: dict[str, Any] | None = None
    provider: str = ""  # the name of one, as its owner called it
    model: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    budget: float | None = None  # USD
    messages: list[Said] = field(default_factory=list)
    tip: str | None = None  # the key of the last message of the branch that is shown
    pinned: bool = False
    archived: bool = False
    folder: str = ""
    tags: list[str] = field(default_factory=list)
    created_at: datetime | None = None
    active_at: datetime | None = None
    # What could not be kept or had to be repaired, a sentence for each kind of thing.
    notices: list[str] = field(default_factory=list)
    # Of a pane: it stands in the history, too.
    listed: bool = False


@dataclass(slots=True)
class TalkGroup:
    """A comparison: its panes are talks, in their order, with what each shares with those beside it."""

    title: str = ""
    notes: str = ""
    panes: list[tuple[Talk, dict[str, bool]]] = field(default_factory=list)
    pinned: bool = False
    archived: bool = False
    folder: str = ""
    tags: list[str] = field(default_factory=list)
    created_at: datetime | None = None
    active_at: datetime | None = None
    notices: list[str] = field(default_factory=list)

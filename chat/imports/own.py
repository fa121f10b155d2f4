"""Our own JSON, as chat/exports/own.py writes it, read back. docs/export.md describes it. PURE.

What is missing is empty; what is something else than it should be is as if it were missing, and is told.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from .cleaning import moment
from .talk import Said, Talk, TalkGroup

FORMAT = "playground"
VERSION = 1
LINKS = ("linked_input", "linked_system_prompt", "linked_settings", "linked_scrolling")

T = TypeVar("T")
Written = Mapping[str, Any]


def is_own(written: object) -> bool:
    """Whether this begins a file of ours, of whichever version."""
    return isinstance(written, Mapping) and written.get("format") == FORMAT


def read_conversation(written: Written) -> Talk:
    reader = Reader(written)
    talk = Talk(
        title=reader.text("title"),
        notes=reader.text("notes"),
        system_prompt=reader.text("system_prompt"),
        prompt=reader.either("prompt", None, dict),
        provider=reader.text("provider"),
        model=reader.text("model"),
        settings=reader.value("settings", {}),
        variables=reader.value("variables", {}),
        budget=reader.either("budget", None, int, float),
        pinned=reader.value("pinned", False),
        archived=reader.value("archived", False),
        folder=reader.text("folder"),
        tags=[tag for tag in reader.items("tags") if isinstance(tag, str)],
        created_at=moment(reader.text("created_at")),
        active_at=moment(reader.text("active_at")),
    )
    tip = reader.either("tip", None, int)
    talk.tip = None if tip is None else str(tip)
    for number, each in enumerate(reader.items("messages"), 1):
        message = Reader(each if isinstance(each, Mapping) else {"role": each})
        talk.messages.append(read_message(message, number))
        reader.odd |= message.odd
    talk.notices += [f"“{name}” could not be read and was left out." for name in sorted(reader.odd)]
    return talk


def read_message(reader: "Reader", place: int) -> Said:
    parent = reader.either("parent", None, int)
    return Said(
        key=str(reader.value("number", place)),
        parent=None if parent is None else str(parent),
        role=reader.text("role"),
        parts=reader.items("parts"),
        reasoning=reader.text("reasoning"),
        tool_calls=reader.items("tool_calls"),
        tool_call_id=reader.text("tool_call_id"),
        finish_reason=reader.text("finish_reason"),
        logprobs=reader.either("logprobs", None, list, dict),
        original=reader.either("original", None, list),
        muted=reader.value("muted", False),
        starred=reader.value("starred", False),
        continues=reader.value("continues", False),
        facts=reader.either("facts", None, dict),
        created_at=moment(reader.text("created_at")),
    )


def read_comparison(written: Written) -> TalkGroup:
    reader = Reader(written)
    group = TalkGroup(
        title=reader.text("title"),
        notes=reader.text("notes"),
        pinned=reader.value("pinned", False),
        archived=reader.value("archived", False),
        folder=reader.text("folder"),
        tags=[tag for tag in reader.items("tags") if isinstance(tag, str)],
        created_at=moment(reader.text("created_at")),
        active_at=moment(reader.text("active_at")),
    )
    for each in reader.items("panes"):
        pane = Reader(each if isinstance(each, Mapping) else {})
        talk = read_conversation(pane.value("conversation", {}))
        talk.listed = pane.value("listed", False)
        group.panes.append((talk, {link: pane.value(link, True) for link in LINKS}))
        reader.odd |= pane.odd
    group.notices += [f"“{name}” could not be read and was left out." for name in sorted(reader.odd)]
    return group


class Reader:
    """Reads values of an object by their kind, and remembers which were of another one."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self.odd: set[str] = set()

    def text(self, name: str) -> str:
        return self.value(name, "")

    def items(self, name: str) -> list[Any]:
        return self.value(name, [])

    def value(self, name: str, empty: T) -> T:
        """Of the kind of `empty`, which it is if there is none."""
        found: T = self.either(name, empty, type(empty))
        return found

    def either(self, name: str, empty: object, *kinds: type) -> Any:
        found = self._written.get(name)
        # True is an int for Python.
        if found is None or type(found) in kinds:
            return empty if found is None else found
        self.odd.add(name)
        return empty

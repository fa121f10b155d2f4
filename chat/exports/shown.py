"""The shown branch of a conversation as turns, a few at a time: what formats for reading are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chat.exports.selection import Selection
from chat.models import Conversation, Message, Status
from chat.models.branch import in_order, steps_to
from chat.models.turn import joined, kept_turns
from chat.pictures import picture_at
from chat.placeholders import Unfilled

TURNS_AT_ONCE = 25
UNTITLED = "Untitled conversation"
UNNAMED = "Untitled comparison"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, or an answer with all that goes on from it."""

    messages: list[Message]

    @property
    def role(self) -> str:
        return self.messages[0].role

    @property
    def muted(self) -> bool:
        return self.messages[0].muted

    @property
    def tool_call_id(self) -> str:
        return self.messages[0].tool_call_id

    @property
    def model(self) -> str:
        """Which model wrote it, as far as it is known."""
        message = self.messages[0]
        told = message.imported_facts or {}
        return message.call.model if message.call else str(told.get("model") or "")

    @property
    def reasoning(self) -> str:
        return "\n\n".join(message.reasoning for message in self.messages if message.reasoning)

    @property
    def parts(self) -> list[dict[str, Any]]:
        return joined(message.parts for message in self.messages)

    @property
    def drawn(self) -> list[dict[str, str]]:
        return [drawn(part) for part in self.parts]

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [call for message in self.messages for call in message.tool_calls]


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation on its own, or a pane with its number in a comparison of this name."""

    conversation: Conversation
    group: str = ""
    pane: int = 0

    @property
    def title(self) -> str:
        if self.pane:
            return f"Pane {self.pane}: {self.conversation.model or 'no model'}"
        return self.conversation.title or UNTITLED


def told(selection: Selection) -> Iterator[Told]:
    """Every conversation once, those of comparisons after one another."""
    for chat in chain.from_iterable(selection.chats()):
        yield Told(chat)
    for group in selection.groups():
        for number, (pane, _) in enumerate(group.panes, 1):
            yield Told(pane.conversation, group.comparison.title or UNNAMED, number)


def turns_of(conversation: Conversation) -> Iterator[Turn]:
    """Without those that are still being written."""
    turns = kept_turns(steps_to(conversation.tip_id))
    for start in range(0, len(turns), TURNS_AT_ONCE):
        some = turns[start : start + TURNS_AT_ONCE]
        found = {message.pk: message for message in in_order([step.id for turn in some for step in turn])}
        for turn in some:
            messages = [found[step.id] for step in turn if step.id in found]
            messages = [message for message in messages if message.status != Status.RUNNING]
            if messages:
                yield Turn(messages)


def instructions_of(conversation: Conversation) -> str:
    """The system prompt as it is sent; with its placeholders, if some have no value."""
    try:
        return conversation.instructions()
    except Unfilled:
        return conversation.system_prompt


def drawn(part: dict[str, Any]) -> dict[str, str]:
    """What there is to see of a part."""
    kind = part.get("type")
    if kind in ("text", "refusal"):
        return {"kind": kind, "text": str(part.get(kind, ""))}
    if kind == "image_url":
        url = str((part.get("image_url") or {}).get("url", ""))
        if picture_at(url):
            return {"kind": "image", "text": url}
        # Of one that stands in the message itself only what it is: megabytes of letters follow.
        return {"kind": "address", "text": url.partition(",")[0] if url.startswith("data:") else url}
    if kind == "file":
        return {"kind": "file", "text": str((part.get("file") or {}).get("filename", ""))}
    return {"kind": "none" if kind == "annotation" else "other", "text": str(kind)}

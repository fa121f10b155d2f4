"""The messages of a conversation as a list in which each can be ticked off."""

from dataclasses import dataclass
from uuid import UUID

from chat.models import Comparison, Conversation, Message

from .options import Options
from .snapshot import conversations_of
from .tree import candidates, head_of, stems_of

LONGEST_WORDS = 90


@dataclass(frozen=True, slots=True)
class Row:
    """One turn. `is_shown`: its box is ticked."""

    id: UUID
    number: int
    pane: int
    role: str
    words: str
    muted: bool
    is_shown: bool


def rows_of(shared: Conversation | Comparison, options: Options) -> list[Row]:
    rows: list[Row] = []
    conversations = conversations_of(shared)
    for number, conversation in enumerate(conversations, start=1):
        pane = number if len(conversations) > 1 else 0
        for message in turns_in(conversation, alternatives=options.alternatives):
            rows.append(row_of(message, len(rows) + 1, pane, options))
    return rows


def turns_in(conversation: Conversation, *, alternatives: bool) -> list[Message]:
    stems = stems_of(conversation)
    there = candidates(conversation, stems, alternatives=alternatives)
    return [message for message in there if head_of(message.pk, stems) == message.pk]


def row_of(message: Message, number: int, pane: int, options: Options) -> Row:
    is_shown = message.pk in options.unmuted if message.muted else message.pk not in options.hidden
    return Row(message.pk, number, pane, message.role, first_words(message), message.muted, is_shown)


def first_words(message: Message) -> str:
    words = " ".join(message.text[: 4 * LONGEST_WORDS].split())
    if not words:
        return "Tool calls" if message.tool_calls else "No words"
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"

"""What differs between the bodies of two requests: values by their path, and messages each beside its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from chat.diff.values import (
    ABSENT,
    Changed,
    Found,
    Object,
    Pair,
    aligned,
    differing,
    differing_in,
    item_at,
    key_by_key,
    written,
)

MOST_VALUES = 200
MOST_MESSAGES = 50
# In the place of words, which are shown beside one another and not once more among the values.
WORDS = "…"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of one request: its number there, from 1."""

    number: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangedMessage:
    """`rest` is what differs in it beside the text."""

    a: Turn | None
    b: Turn | None
    rest: list[Changed]

    @property
    def role(self) -> str:
        turn = self.a or self.b
        return turn.role if turn else ""

    @property
    def texts(self) -> tuple[str, str]:
        return self.a.text if self.a else "", self.b.text if self.b else ""

    @property
    def is_same(self) -> bool:
        return bool(self.a and self.b and self.a.text == self.b.text and not self.rest)


@dataclass(frozen=True, slots=True)
class RequestDiff:
    """What differs, how much more does than is listed, and what is the same in both."""

    values: list[Changed]
    more_values: int
    messages: list[ChangedMessage]
    more_messages: int
    same: list[str]
    same_messages: int

    @property
    def is_same(self) -> bool:
        return not self.values and not self.messages


def compare(a: Object, b: Object) -> RequestDiff:
    messages: list[ChangedMessage] = []
    if isinstance(a.get("messages"), list) and isinstance(b.get("messages"), list):
        said, heard = a["messages"], b["messages"]
        messages = [_changed(pair, said, heard) for pair in aligned(said, heard)]
        a, b = _without(a, "messages"), _without(b, "messages")
    others = [message for message in messages if not message.is_same]
    by_key = {found[0][1]: list(differing_in(found)) for found in key_by_key(None, a, b)}
    values = list(chain.from_iterable(by_key.values()))
    return RequestDiff(
        values=_written(values),
        more_values=max(0, len(values) - MOST_VALUES),
        messages=others[:MOST_MESSAGES],
        more_messages=max(0, len(others) - MOST_MESSAGES),
        same=[key for key, found in by_key.items() if not found],
        same_messages=len(messages) - len(others),
    )


def _changed(pair: Pair, a: Sequence[object], b: Sequence[object]) -> ChangedMessage:
    first, second = _as_mapping(item_at(pair[0], a)), _as_mapping(item_at(pair[1], b))
    turn_a, turn_b = _turn(pair[0], first), _turn(pair[1], second)
    if turn_a is None or turn_b is None:
        first, second = _beside_words(first), _beside_words(second)
    elif turn_a.text != turn_b.text:
        first, second = _without_words(first), _without_words(second)
    return ChangedMessage(turn_a, turn_b, _written(list(differing(first, second))))


def _turn(place: int | None, message: Object) -> Turn | None:
    return None if place is None else Turn(place + 1, str(message.get("role", "")), _text_of(message))


def _as_mapping(message: object) -> Object:
    if message is ABSENT:
        return {}
    return message if isinstance(message, Mapping) else {"message": message}


def _text_of(message: Object) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(part["text"] for part in parts if _is_text(part))


def _without_words(message: Object) -> Object:
    content = message.get("content")
    if isinstance(content, str):
        return {**message, "content": WORDS}
    if isinstance(content, list):
        return {
            **message,
            "content": [{**part, "text": WORDS} if _is_text(part) else part for part in content],
        }
    return message


def _beside_words(message: Object) -> Object:
    """What a message that stands alone holds beside what is shown of it anyway."""
    shown = ("role", "content") if isinstance(message.get("content"), str) else ("role",)
    rest = {key: value for key, value in message.items() if key not in shown}
    return _without_words(rest)


def _is_text(part: object) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _without(body: Object, key: str) -> Object:
    return {name: value for name, value in body.items() if name != key}


def _written(found: Sequence[Found]) -> list[Changed]:
    return [written(*each) for each in found[:MOST_VALUES]]

"""`{"messages": [...]}`: the system message as a system prompt, or else the first user message as a template."""

from collections import Counter
from collections.abc import Sequence

from chat.completions.characters import clean
from chat.placeholders import variables_in

from .imported import MOST_BYTES, Imported, ImportedVersion, Unreadable

INSTRUCTING = ("system", "developer")
LONGEST_NAME = 40


def from_body(body: object) -> Imported:
    """The body of a request. Raises Unreadable."""
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise Unreadable('There is no list of "messages" in it, as a chat completion has.')
    return from_messages(body["messages"], [str(name) for name in body if name != "messages"])


def from_messages(messages: Sequence[object], beside: Sequence[str]) -> Imported:
    """`beside` names what else the request holds. Raises Unreadable."""
    chosen = _first(messages, INSTRUCTING) or _first(messages, ("user",))
    if chosen is None:
        raise Unreadable("None of its messages is a system or a user message with text.")
    number, role, text = chosen
    others = Counter(_role(message) for at, message in enumerate(messages) if at != number)
    left_out = [f"{count} {role} message{'s' if count > 1 else ''}" for role, count in others.items()]
    if _has_more_than_text(messages[number]):
        left_out.append("parts of the message that are not text")
    kind = "system" if role in INSTRUCTING else "user"
    version = ImportedVersion(text, variables_in(text))
    return Imported(kind, [version], left_out=[*left_out, *(clean(name)[:LONGEST_NAME] for name in beside)])


def _first(messages: Sequence[object], roles: Sequence[str]) -> tuple[int, str, str] | None:
    for number, message in enumerate(messages):
        text = _text(message)
        if _role(message) in roles and text.strip():
            return number, _role(message), text
    return None


def _role(message: object) -> str:
    role = message.get("role") if isinstance(message, dict) else None
    return role if role in ("user", "assistant", "tool", *INSTRUCTING) else "other"


def _text(message: object) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return clean(content)
    texts = [part["text"] for part in content if _is_text(part)] if isinstance(content, list) else []
    # In code one text may be named a thousand times.
    if sum(map(len, texts)) > MOST_BYTES:
        raise Unreadable(f"One of its messages is longer than {MOST_BYTES // 1_000_000} MB.")
    return clean("".join(texts))


def _is_text(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _has_more_than_text(message: object) -> bool:
    content = message.get("content") if isinstance(message, dict) else None
    return isinstance(content, list) and not all(_is_text(part) for part in content)

"""The messages of a chat request: read, checked, and kept in a form that the models can use."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.demo.errors import ApiError
from chat.demo.fields import Fields

ROLES = ("system", "developer", "user", "assistant", "tool")


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    text: str
    images: tuple[str, ...] = ()  # addresses, `data:` or remote
    calls: tuple[str, ...] = ()  # ids of the tool calls that an assistant made
    answers: str = ""  # the id of the call that a tool message answers


def read_messages(fields: Fields) -> list[Message]:
    messages = [read_message(entry) for entry in fields.objects("messages")]
    if not messages:
        raise fields.wrong("messages", "is required and must not be empty")
    check_tool_answers(messages)
    return messages


def read_message(entry: Fields) -> Message:
    role = entry.required_text("role")
    if role not in ROLES:
        raise entry.wrong("role", f"must be one of {', '.join(ROLES)}")
    calls = tuple(call.required_text("id") for call in entry.objects("tool_calls"))
    text, images = read_content(entry, may_be_null=role == "assistant")
    answers = entry.required_text("tool_call_id") if role == "tool" else ""
    return Message(role, text, images, calls, answers)


def read_content(entry: Fields, may_be_null: bool) -> tuple[str, tuple[str, ...]]:
    if "content" not in entry:
        if may_be_null:
            return "", ()
        raise entry.wrong("content", "is required")
    if isinstance(entry.raw("content"), str):
        return entry.raw("content"), ()
    if not isinstance(entry.raw("content"), list):
        raise entry.wrong("content", "must be a string or a list of parts")
    parts = entry.objects("content")
    texts = [part.text("text") or "" for part in parts if part.raw("type") == "text"]
    images = tuple(image_address(part) for part in parts if part.raw("type") != "text")
    return "\n".join(texts), images


def image_address(part: Fields) -> str:
    if part.raw("type") != "image_url":
        raise part.wrong("type", "must be text or image_url: these models take no other parts")
    if isinstance(part.raw("image_url"), str):
        return part.required_text("image_url")
    image = part.object("image_url")
    if image is None:
        raise part.wrong("image_url", "is required")
    return image.required_text("url")


def check_tool_answers(messages: Sequence[Message]) -> None:
    """Every tool call must be answered before another role speaks, and nothing else may be answered."""
    open_calls: set[str] = set()
    for number, message in enumerate(messages):
        at = f"messages[{number}]"
        if message.role == "tool":
            if message.answers not in open_calls:
                raise ApiError(
                    f"`{at}` must be a response to a preceding message with tool_calls.",
                    param=f"{at}.tool_call_id",
                )
            open_calls.discard(message.answers)
        elif open_calls:
            break
        else:
            open_calls = set(message.calls)
    if open_calls:
        missing = ", ".join(sorted(open_calls))
        raise ApiError(
            f"Tool calls must be followed by tool messages responding to each tool_call_id: {missing}.",
            param="messages",
        )

"""One line for each conversation, as the OpenAI protocol has it: what a request with the shown branch would say."""

from collections.abc import Iterator
from typing import Any

from chat.exports.selection import Selection
from chat.exports.shown import Turn, instructions_of, told, turns_of
from chat.exports.values import arranged, dumped
from chat.models import Conversation, Role


def write(selection: Selection) -> Iterator[str]:
    for each in told(selection):
        line = line_of(each.conversation)
        if line["messages"]:
            yield dumped(line) + "\n"


def line_of(conversation: Conversation) -> dict[str, Any]:
    instructions = instructions_of(conversation)
    system = [{"role": "system", "content": instructions}] if instructions.strip() else []
    said = [message_of(turn) for turn in turns_of(conversation) if not turn.muted]
    line: dict[str, Any] = {"messages": [*system, *filter(None, said)]}
    settings = conversation.settings
    tools = settings.get("tools") or (settings.get("extra") or {}).get("tools")
    if tools:
        line["tools"] = tools
    found: dict[str, Any] = arranged(line, sort=False)
    return found


def message_of(turn: Turn) -> dict[str, Any] | None:
    """None for an answer that never said anything."""
    parts = [part for part in turn.parts if part.get("type") != "annotation"]
    if not parts and not turn.calls:
        return None
    # A plain string where there is only text: that is what readers of such files expect.
    plain = all(part.get("type") == "text" for part in parts)
    content: Any = "".join(part["text"] for part in parts) if plain else parts
    message: dict[str, Any] = {"role": turn.role, "content": content}
    if turn.calls:
        message |= {"content": content or None, "tool_calls": turn.calls}
    if turn.role == Role.TOOL and turn.tool_call_id:
        message["tool_call_id"] = turn.tool_call_id
    return message

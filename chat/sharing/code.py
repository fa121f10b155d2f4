"""A snapshot as a request in code. Where it was sent, and with which key, is never known here."""

from collections.abc import Mapping
from typing import Any

from chat.completions import build_chat_body
from chat.snippets import TARGETS, Target, snippet

from .reading import path_to, turns_on

# A name that no resolver knows: whoever runs it puts the address of their own provider here.
ADDRESS = "https://api.example.com/v1"
NO_MODEL = "your-model"
BY_NAME = {target.name: target for target in TARGETS}
USUAL = BY_NAME["python-openai"]


def code_of(snapshot: Mapping[str, Any], pane: int, target: Target) -> str:
    body = body_of(snapshot["panes"][pane], pane)
    return snippet(target.name, f"{ADDRESS}/chat/completions", body, "API_KEY")


def body_of(pane: Mapping[str, Any], number: int = 0) -> dict[str, object]:
    """What was asked before the last answer, with the model and the settings that are shown."""
    turns = list(turns_on(pane, number, path_to(pane, pane["shown"])))
    if len(turns) > 1 and turns[-1].role == "assistant":
        turns.pop()
    messages = [message for turn in turns if not turn.muted and (message := as_sent(turn))]
    if prompt := pane.get("system_prompt"):
        messages.insert(0, {"role": "system", "content": prompt})
    model, settings = pane.get("model", NO_MODEL), pane.get("settings", {})
    return build_chat_body(pane.get("dialect", "openai"), model, messages, settings)


def as_sent(turn: Any) -> dict[str, Any]:
    """One message of the request. Empty where it never said anything."""
    pictures = [part for part in turn.media if part["type"] in ("image", "link")]
    if not (turn.text or pictures or turn.calls):
        return {}
    content: Any = turn.text
    if pictures:
        shown = [{"type": "image_url", "image_url": {"url": part["url"]}} for part in pictures]
        content = [*([{"type": "text", "text": turn.text}] if turn.text else []), *shown]
    message: dict[str, Any] = {"role": turn.role, "content": content}
    if turn.calls:
        message["content"] = content or None
        message["tool_calls"] = [call_as_sent(call) for call in turn.calls]
    if turn.answers_call:
        message["tool_call_id"] = turn.answers_call
    return message


def call_as_sent(call: Mapping[str, str]) -> dict[str, Any]:
    function = {"name": call["name"], "arguments": call["arguments"]}
    return {"id": call["id"], "type": "function", "function": function}

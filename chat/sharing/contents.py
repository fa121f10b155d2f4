"""What of a message and of its call may be shown. Each thing is named here; what is not named stays out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from chat.completions.finishes import REASONS
from chat.facts import seconds, speed_of, thinking_of
from chat.models import Generation, Message, Role, Status
from chat.pictures import picture_at

from .options import Options

LONGEST_ADDRESS = 4000
NOT_SHOWN = {
    "file": "A file that is not part of this page",
    "input_audio": "A recording that is not part of this page",
    "video_url": "A video that is not part of this page",
}
Node = dict[str, Any]


def contents_of(message: Message, options: Options, names: "CallNames") -> Node:
    """Of one message, without its place in the tree."""
    node: Node = {"role": message.role, "parts": list(parts_of(message.parts))}
    if message.role == Role.ASSISTANT:
        node |= _about_the_answer(message, options)
    if options.tools:
        if message.tool_calls:
            node["tool_calls"] = [names.call(call) for call in message.tool_calls if isinstance(call, dict)]
        if message.role == Role.TOOL:
            node["tool_call_id"] = names.of(message.tool_call_id)
    if message.original is not None:
        node["edited"] = True
    if message.muted:
        node["muted"] = True
    return node


def parts_of(parts: Iterable[Any]) -> Iterator[Node]:
    """Text, pictures that are here themselves, and words in the place of everything else."""
    for part in parts:
        match part:
            case {"type": "text", "text": str(text)}:
                yield {"type": "text", "text": text}
            case {"type": "refusal", "refusal": str(words)}:
                yield {"type": "refusal", "refusal": words}
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                yield _picture(url)
            case {"type": str(kind)} if kind in NOT_SHOWN:
                yield {"type": "left_out", "words": NOT_SHOWN[kind]}


def _picture(url: str) -> Node:
    """A picture from elsewhere is an address that one may follow: the page loads nothing."""
    if picture_at(url):
        return {"type": "image", "url": url}
    if len(url) <= LONGEST_ADDRESS and is_web_address(url):
        return {"type": "link", "url": url}
    return {"type": "left_out", "words": "A picture that is not part of this page"}


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class CallNames:
    """Calls of tools by numbers of our own, which mean something only inside of the snapshot."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, id: str) -> str:
        return self._names.setdefault(id, f"call_{len(self._names) + 1}")

    def call(self, call: Mapping[str, Any]) -> Node:
        function = call.get("function")
        function = function if isinstance(function, Mapping) else {}
        return {
            "id": self.of(str(call.get("id", ""))),
            "name": str(function.get("name", "")),
            "arguments": str(function.get("arguments", "")),
        }


def _about_the_answer(message: Message, options: Options) -> Node:
    call, told = message.call, message.imported_facts or {}
    node: Node = {}
    # Whoever reads half an answer must know that it is half of one. Why it failed stays with its owner.
    if message.status != Status.FINISHED:
        node["status"] = str(message.status)
    if options.models and (model := model_of(message)):
        node["model"] = model
    if options.reasoning and message.reasoning:
        node["reasoning"] = message.reasoning
        node["thinking"] = thinking_of(message) if options.facts and call else "Thought"
    if options.facts and (call or told):
        node["facts"] = list(_facts(message, call)) if call else []
    return node


def model_of(message: Message) -> str:
    """As its provider called it in the answer, or as it was called where it was imported from."""
    call = message.call
    name = (call.answered_model or call.model) if call else (message.imported_facts or {}).get("model", "")
    return name if isinstance(name, str) else ""


def _facts(message: Message, call: Generation) -> Iterator[str]:
    """Neither the model, which is a choice of its own, nor what it cost."""
    if call.first_token is not None:
        yield f"{seconds(call.first_token)} to first token"
    if speed := speed_of(call):
        yield speed
    if call.duration is not None:
        yield f"{seconds(call.duration)} in all"
    yield from _tokens(call)
    if call.status == Status.FINISHED and message.finish_reason in REASONS:
        yield message.finish_reason


def _tokens(call: Generation) -> Iterator[str]:
    used, about = call.used, "~" if call.estimate else ""
    if used.get("prompt_tokens") is not None:
        yield f"{about}{used['prompt_tokens']:,} in"
    if used.get("completion_tokens") is not None:
        thought = f", {used['reasoning_tokens']:,} reasoning" if used.get("reasoning_tokens") else ""
        yield f"{about}{used['completion_tokens']:,} out{thought}"

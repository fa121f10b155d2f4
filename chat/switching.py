"""What a switch to another model would drop of what is in use. Only what is known counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chat import transcript
from chat.models import Conversation, LanguageModel, Provider
from chat.models.branch import turns_to
from chat.panel import reason
from chat.sampling import PARAMETERS

Settings = Mapping[str, Any]

# The kinds of parts in a message, and what a model must be able to do for them.
PARTS = {"image_url": "images", "video_url": "video", "input_audio": "audio", "file": "files"}


@dataclass(frozen=True, slots=True)
class Target:
    """The model that is switched to. `known` is what the catalogue has of it."""

    provider: Provider
    name: str
    known: LanguageModel | None

    @property
    def lacks(self) -> frozenset[str]:
        return frozenset(self.known.lacks if self.known else ())


def dropped_by(conversation: Conversation, now: LanguageModel | None, target: Target) -> list[str]:
    """In sentences about it. Nothing that the present model drops already is among them."""
    lost = [*parameters(conversation, now, target), *abilities(conversation, now, target)]
    return [*lost, *room(conversation, now, target)]


def parameters(conversation: Conversation, now: LanguageModel | None, target: Target) -> Iterator[str]:
    after = Conversation(provider=target.provider, model=target.name, settings=conversation.settings)
    labels = [
        parameter.label
        for parameter in PARAMETERS
        if parameter.name in conversation.settings
        and not reason(conversation, parameter, now.refusals if now else {})
        and reason(after, parameter, target.known.refusals if target.known else {})
    ]
    if labels:
        verb = "is" if len(labels) == 1 else "are"
        yield f"{in_words(labels)} {verb} not sent to it, and kept for later."


def abilities(conversation: Conversation, now: LanguageModel | None, target: Target) -> Iterator[str]:
    lost = target.lacks - frozenset(now.lacks if now else ())
    if "tools" in lost and uses_tools(conversation.settings):
        yield "It calls no tools."
    if "json" in lost and conversation.settings.get("response_format") in ("json_object", "json_schema"):
        yield "It holds to no response format."
    if "reasoning" in lost and {"reasoning", "reasoning_effort"} & set(conversation.settings):
        yield "It has no reasoning to set."
    held = kinds_in(conversation) & lost if lost & set(PARTS.values()) else ()
    if held:
        yield f"It does not take the {in_words(sorted(held))} of this conversation."


def uses_tools(settings: Settings) -> bool:
    return any(settings.get(name) for name in ("tools", "tool_choice")) or "tools" in settings.get(
        "extra", {}
    )


def kinds_in(conversation: Conversation) -> set[str]:
    """What the shown branch holds besides text."""
    turns = turns_to(conversation.tip_id) if conversation.tip_id else []
    return {PARTS[part["type"]] for turn in turns for part in turn.parts if part["type"] in PARTS}


def room(conversation: Conversation, now: LanguageModel | None, target: Target) -> Iterator[str]:
    context = target.known.context_length if target.known else None
    before = now.context_length if now else None
    if context is None or (before is not None and before <= context):
        return
    last = transcript.last_call(conversation)
    usage = (last.usage if last else None) or {}
    held = (usage.get("prompt_tokens") or 0) + (usage.get("completion_tokens") or 0)
    if held > context:
        yield f"Its context of {context:,} tokens is smaller than the ~{held:,} of this conversation."


def in_words(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

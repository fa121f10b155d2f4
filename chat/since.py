"""What changed since the last answer: its stored request beside the one that would be sent now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chat import transcript
from chat.catalogue import model_of
from chat.completions import build_chat_body, guess_dialect
from chat.generation.begin import accepted, messages_to_send
from chat.models import Conversation, Generation, Message, Role
from chat.refusals import Refused
from chat.sampling import PARAMETERS, settings_in

LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """`name` is the field's, and `was` follows its label: "was 0.7"."""

    name: str
    label: str
    was: str


def changed_since_last_answer(conversation: Conversation) -> list[Changed]:
    last = transcript.last_call(conversation)
    if last is None:
        return []
    return [*model(conversation, last), *system_prompt(conversation, last), *parameters(conversation, last)]


def model(conversation: Conversation, last: Generation) -> Iterator[Changed]:
    if (conversation.provider_id, conversation.model) != (last.provider_id, last.model):
        whose = f" of {last.provider_name}" if conversation.provider_id != last.provider_id else ""
        yield Changed("model", "Model", f"was {last.model}{whose}")


def system_prompt(conversation: Conversation, last: Generation) -> Iterator[Changed]:
    before = system_in(last.request.get("messages") or [])
    try:
        now = system_in(messages_to_send(conversation, Message()))
    except Refused:
        return  # a placeholder without a value: there is nothing to compare yet
    if now != before:
        yield Changed("system_prompt", "System prompt", was(before))


def system_in(messages: list[Any]) -> str:
    first = messages[0] if messages and isinstance(messages[0], dict) else {}
    return str(first.get("content") or "") if first.get("role") == Role.SYSTEM else ""


def parameters(conversation: Conversation, last: Generation) -> Iterator[Changed]:
    before, now = as_sent(last), as_set(conversation)
    for parameter in PARAMETERS:
        value = before.get(parameter.name)
        if value != now.get(parameter.name):
            yield Changed(
                parameter.name, parameter.label, was("" if value is None else parameter.show(value))
            )


def as_sent(last: Generation) -> Mapping[str, Any]:
    return settings_in(last.request, last.provider.dialect if last.provider else guess_dialect(last.url))


def as_set(conversation: Conversation) -> Mapping[str, Any]:
    """Not what is set, but what of it would be sent."""
    provider = conversation.provider
    if provider is None:
        return {}
    settings = accepted(conversation.settings, model_of(provider, conversation.model))
    return settings_in(build_chat_body(provider.dialect, conversation.model, [], settings), provider.dialect)


def was(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return "was not set"
    return f"was {words}" if len(words) <= LONGEST_WORDS else f"was {words[:LONGEST_WORDS]}…"

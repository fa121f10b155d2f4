"""The rows of a new generation, made in the transaction of the command that asked for it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from chat.budgets import Key, Limit, limits, rate_for, refuse_over
from chat.completions import ask_to_go_on, base_url_for, build_chat_body
from chat.estimates import Rate, bytes_of_request
from chat.models import Conversation, Generation, LanguageModel, Message, Provider, Role
from chat.models.branch import Turn, Turns, turns_to
from chat.models.generation import LEASE
from chat.models.message import text_part
from chat.refusals import Refused, Unexplained

from .pairing import must_pair, refuse_unpaired

# By the APIs of those that take more than one.
MOST_CHOICES = 128
NO_TEXT = "There is no text here that the model could go on from."


class Nothing(Exception):
    """There is no model to ask. The message says what to do."""


class Closing(Exception):
    """The server is going down and starts nothing new."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the task needs to know. The key is not in it: the task asks for it when it calls."""

    generation: Generation
    provider: Provider
    body: dict[str, Any]
    choices: int
    rate: Rate
    sent: int  # bytes, as estimates count them
    limits: Mapping[Key, Limit]


def begin(conversation: Conversation, parent: Message, *, continues: bool = False) -> Job:
    """Store the empty answer below `parent` and its running generation, and show them. Raises Nothing.

    With `continues` the model goes on from where `parent` ends.
    """
    with unexplained(conversation):
        provider, body = request_for(conversation, parent, continues=continues)
        return ask(conversation, parent, provider, conversation.model, body, continues=continues)


@contextmanager
def unexplained(conversation: Conversation) -> Iterator[None]:
    """In a blind round: what a model costs, or that it is gone, would tell which one it is."""
    try:
        yield
    except (Nothing, Refused):
        if conversation.blind:
            raise Unexplained from None
        raise


def request_for(
    conversation: Conversation, parent: Message, *, continues: bool = False
) -> tuple[Provider, dict[str, Any]]:
    """What would be sent for an answer below `parent`, and to whom. Raises Nothing, Refused, Unfilled."""
    turns = turns_to(parent.pk)
    if not turns and not continues:
        raise Nothing("There is nothing to send: no message of this branch is one that is sent.")
    messages = in_the_protocol(conversation, turns)
    if continues:
        refuse_to_go_on(messages)
    provider, body = request_saying(conversation, messages)
    if must_pair(conversation, provider):
        refuse_unpaired(messages)
    return provider, ask_to_go_on(provider.dialect, body) if continues else body


def request_saying(
    conversation: Conversation, messages: list[dict[str, Any]]
) -> tuple[Provider, dict[str, Any]]:
    """These messages with the model and the settings of the conversation. Raises Nothing."""
    provider = conversation.provider
    if provider is None or provider.removed or not conversation.model:
        raise Nothing("Choose a model first: the one of this conversation is no longer there.")
    known = LanguageModel.objects.filter(provider=provider, name=conversation.model).first()
    settings = accepted(conversation.settings, known)
    return provider, build_chat_body(provider.dialect, conversation.model, messages, settings)


def begin_again(generation: Generation, copy: Message | None = None) -> Job:
    """The same request once more, to the letter, as another answer beside its own, or beside this copy of it.

    Raises Nothing.
    """
    provider = generation.provider
    answer = copy or generation.messages.order_by("choice").first()
    if provider is None or provider.removed:
        raise Nothing("The provider of this request is no longer there, so it cannot be sent again.")
    if generation.url != url_at(provider, generation.request):
        raise Nothing(
            f"{provider.name} has another address now. What was said to {generation.url} is not sent elsewhere."
        )
    if answer is None or answer.parent is None:
        raise Nothing("The message that asked for this is no longer there.")
    conversation = copy.conversation if copy else generation.conversation
    body = generation.request
    return ask(
        conversation,
        answer.parent,
        provider,
        generation.model,
        body,
        replay_of=generation,
        continues=answer.continues,
    )


@transaction.atomic(savepoint=False)
def ask(
    conversation: Conversation,
    parent: Message,
    provider: Provider,
    model: str,
    body: dict[str, Any],
    replay_of: Generation | None = None,
    *,
    continues: bool = False,
) -> Job:
    """The rows of a call with this body. Raises Refused where a budget does not let it be sent."""
    job = job_of(conversation, provider, model, body)
    generation = job.generation
    generation.replay_of, generation.lease_until = replay_of, Now() + LEASE + timedelta(seconds=3)
    generation.save(force_insert=True)
    answers = [
        Message.objects.create(
            conversation=conversation,
            parent=parent,
            role=Role.ASSISTANT,
            generation=generation,
            choice=choice,
            continues=continues,
        )
        for choice in range(job.choices)
    ]
    conversation.show(answers[0])
    return job


def job_of(conversation: Conversation, provider: Provider, model: str, body: dict[str, Any]) -> Job:
    """A call with this body, and its generation, which is not stored. In a transaction: what is spent is held.

    Raises Refused where a budget does not let it be sent.
    """
    known = LanguageModel.objects.filter(provider=provider, name=model).first()
    prices = [known.price_input, known.price_output, known.price_cached] if known else []
    rate, sent = rate_for(conversation, provider.name, model, prices), bytes_of_request(body)
    expected = rate.estimate(sent)
    # Locked, so that two that are sent at once see one another.
    held = limits([(conversation.owner_id, conversation.pk)], lock=True)
    if rate.is_priced:
        refuse_over(held, expected["cost"])
    generation = Generation(
        owner_id=conversation.owner_id,
        conversation=conversation,
        provider=provider,
        provider_name=provider.name,
        model=model,
        url=url_at(provider, body),
        request=body,
        prices=prices,
        estimate=expected,
    )
    return Job(generation, provider, body, choices_in(body), rate, sent, held)


def url_at(provider: Provider, body: Mapping[str, Any]) -> str:
    return f"{base_url_for(provider.dialect, provider.base_url, body)}/chat/completions"


def refuse_to_go_on(messages: Sequence[Mapping[str, Any]]) -> None:
    """Unless there is something to go on from. Raises Refused."""
    last = messages[-1] if messages else {}
    if last.get("tool_calls"):
        raise Refused("This answer called a tool: what comes next is the tool's answer.", status=409)
    content = last.get("content") or ""
    text = content if isinstance(content, str) else "".join(part.get("text") or "" for part in content)
    if last.get("role") != Role.ASSISTANT or not text.strip():
        raise Refused(NO_TEXT, status=409)


def accepted(settings: dict[str, Any], model: LanguageModel | None) -> dict[str, Any]:
    """Without what the provider has rejected for this model before."""
    refused = model.refusals if model else {}
    return {name: value for name, value in settings.items() if name not in refused}


def choices_in(body: dict[str, Any]) -> int:
    """How many answers this request asks for. What is no such number is for the provider to refuse."""
    asked = body.get("n")
    return min(max(asked, 1), MOST_CHOICES) if type(asked) is int else 1


def messages_to_send(conversation: Conversation, last: Message) -> list[dict[str, Any]]:
    """The branch as the protocol wants it. Answers that never said anything are left out: there is nothing to send.

    Raises Unfilled.
    """
    return in_the_protocol(conversation, turns_to(last.pk))


def in_the_protocol(conversation: Conversation, turns: Turns) -> list[dict[str, Any]]:
    """The system prompt and these. Raises Unfilled."""
    instructions = conversation.instructions()
    if instructions.strip():
        turns = [Turn(Role.SYSTEM, [text_part(instructions)], []), *turns]
    said = [
        turn._replace(parts=[part for part in turn.parts if part["type"] != "annotation"]) for turn in turns
    ]
    return [_turn(*turn) for turn in said if turn.parts or turn.calls or turn.answers]


def _turn(role: str, sent: list[dict[str, Any]], calls: list[dict[str, Any]], answers: str) -> dict[str, Any]:
    # A plain string where there is only text: several servers refuse lists.
    plain = all(part["type"] == "text" for part in sent)
    turn: dict[str, Any] = {"role": str(role), "content": "".join(p["text"] for p in sent) if plain else sent}
    if calls:
        turn["content"] = turn["content"] or None
        turn["tool_calls"] = calls
    if answers:
        turn["tool_call_id"] = answers
    return turn

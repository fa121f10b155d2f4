"""What the foot of the composer tells: what a conversation has cost, what may be spent, and what sending would take."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chat.budgets import Limit, day_limit, rate_for, rate_of
from chat.catalogue import model_of
from chat.estimates import BYTES_AROUND_A_MESSAGE, bytes_of, bytes_of_request
from chat.models import Charge, Conversation, LanguageModel, Pane
from chat.models.branch import Turns, turns_to, turns_to_each
from chat.transcript.continuations import begins_again


def tally_of(conversation: Conversation) -> dict[str, Any]:
    """`sent` is the size of the branch in bytes, without the system prompt: that stands in the page, and may change."""
    model = model_of(conversation.provider, conversation.model)
    prices = [model.price_input, model.price_output] if model else []
    provider = conversation.provider.name if conversation.provider else ""
    rate = rate_for(conversation, provider, conversation.model, prices)
    total = Charge.objects.filter(conversation=conversation).total() if conversation.stored else {}
    held = _limits(conversation, total.get("cost") or 0.0)
    return {
        "model": conversation.model,
        "provider": provider,
        "rate": rate,
        "context_length": model.context_length if model else None,
        "sent": _bytes_of(conversation, turns_to(conversation.tip_id) if conversation.tip_id else []),
        "around": BYTES_AROUND_A_MESSAGE,
        "limits": held,
        "own": conversation.budget is not None,
        "unkept": bool(held and conversation.model and rate.prices is None),
        "total": total,
        "begins_again": begins_again(conversation),
    }


def tallies_of(panes: Sequence[Pane]) -> dict[UUID, dict[str, Any]]:
    """By pane: what sending would take there. The page does not hold the system prompt, so that is counted as it is
    stored. Three queries, however many they are."""
    conversations = [pane.conversation for pane in panes]
    models: dict[tuple[UUID | None, str], LanguageModel] = {
        (model.provider_id, model.name): model
        for model in LanguageModel.objects.filter(
            provider__in={conversation.provider_id for conversation in conversations} - {None},
            name__in={conversation.model for conversation in conversations},
        )
    }
    counted = Charge.objects.counted().filter(conversation__in=conversations).newest_of_each_model()
    last = {(charge.conversation_id, charge.provider, charge.model): charge for charge in counted}
    said = turns_to_each({tip for conversation in conversations if (tip := conversation.tip_id)})
    tallies = {}
    for pane in panes:
        conversation = pane.conversation
        model = models.get((conversation.provider_id, conversation.model))
        provider = conversation.provider.name if conversation.provider else ""
        prices = [model.price_input, model.price_output] if model else []
        turns = said[conversation.tip_id] if conversation.tip_id else []
        tallies[pane.pk] = {
            "model": conversation.model,
            "rate": rate_of(last.get((conversation.pk, provider, conversation.model)), prices),
            "context_length": model.context_length if model else None,
            "sent": _bytes_of(conversation, turns) + _bytes_of_prompt(conversation),
            "around": BYTES_AROUND_A_MESSAGE,
        }
    return tallies


def _limits(conversation: Conversation, spent: float) -> list[Limit]:
    """With the budget of the conversation as it stands in the page, saved or not."""
    own = None if conversation.budget is None else Limit("conversation", conversation.budget, spent)
    return [limit for limit in (day_limit(conversation.owner), own) if limit]


def _bytes_of_prompt(conversation: Conversation) -> int:
    prompt = conversation.system_prompt
    return bytes_of(prompt) + BYTES_AROUND_A_MESSAGE if prompt.strip() else 0


def _bytes_of(conversation: Conversation, turns: Turns) -> int:
    messages = [{"content": parts, "tool_calls": calls} for _, parts, calls, _ in turns]
    settings = {name: conversation.settings.get(name) for name in ("tools", "response_format")}
    return bytes_of_request({"messages": messages, **settings})

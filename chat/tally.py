"""What the foot of the composer tells: what a conversation has cost, what may be spent, and what sending would take."""

from typing import Any

from chat.budgets import Limit, day_limit, rate_for
from chat.catalogue import model_of
from chat.estimates import BYTES_AROUND_A_MESSAGE, bytes_of_request
from chat.models import Charge, Conversation
from chat.models.branch import turns_to


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
        "sent": _bytes_to_send(conversation),
        "around": BYTES_AROUND_A_MESSAGE,
        "limits": held,
        "own": conversation.budget is not None,
        "unkept": bool(held and conversation.model and rate.prices is None),
        "total": total,
    }


def _limits(conversation: Conversation, spent: float) -> list[Limit]:
    """With the budget of the conversation as it stands in the page, saved or not."""
    own = None if conversation.budget is None else Limit("conversation", conversation.budget, spent)
    return [limit for limit in (day_limit(conversation.owner), own) if limit]


def _bytes_to_send(conversation: Conversation) -> int:
    turns = turns_to(conversation.tip_id) if conversation.tip_id else []
    messages = [{"content": parts, "tool_calls": calls} for _, parts, calls in turns]
    settings = {name: conversation.settings.get(name) for name in ("tools", "response_format")}
    return bytes_of_request({"messages": messages, **settings})

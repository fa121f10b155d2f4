"""What a provider told, as the row of its call keeps it."""

from typing import Any

from chat.completions import CompletionError
from chat.completions import events as upstream


def describe(error: CompletionError) -> dict[str, Any]:
    """What the transcript keeps of an error. The provider's words are already free of keys."""
    return {
        "message": str(error),
        "kind": type(error).__name__,
        "said": error.said,
        "status": error.status,
        "code": None if error.code is None else str(error.code),
        "param": error.param,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
        "request_id": error.request_id,
    }


def usage_fields(usage: upstream.Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cached_tokens": usage.cached_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cost": usage.cost,
    }

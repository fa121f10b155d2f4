"""How long a prompt and its answer may be together."""

from chat.demo.errors import ApiError

CONTEXT_LENGTH = 32_768  # tokens


def answer_limit(prompt_tokens: int, max_tokens: int | None, default: int) -> int:
    """Tokens left for the answer. Raises ApiError where prompt and answer do not fit the context together."""
    if prompt_tokens >= CONTEXT_LENGTH or prompt_tokens + (max_tokens or 0) > CONTEXT_LENGTH:
        asked = f" and `max_tokens` of {max_tokens} exceed it" if max_tokens else " exceeds it"
        at_least = "at least " if prompt_tokens > CONTEXT_LENGTH else ""
        raise ApiError(
            f"The maximum context length is {CONTEXT_LENGTH} tokens. "
            f"A prompt of {at_least}{prompt_tokens} tokens{asked}.",
            param="max_tokens" if max_tokens else None,
            code="context_length_exceeded",
        )
    return max_tokens or min(default, CONTEXT_LENGTH - prompt_tokens)

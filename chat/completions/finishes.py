"""Why an answer ended: the providers' words, and ours."""

REASONS = ("stop", "length", "tool_calls", "content_filter", "error", "other")

WORDS = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "complete": "stop",
    "length": "length",
    "model_length": "length",
    "max_tokens": "length",
    "tool_calls": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "error": "error",
    "insufficient_system_resource": "error",
    "network_error": "error",
}


def normalise_finish(raw: str, *, called_tools: bool = False) -> str:
    """One of REASONS. A turn that called tools is a tool turn even if the provider says `stop`."""
    reason = WORDS.get(raw.lower(), "other")
    return "tool_calls" if called_tools and reason in ("stop", "other") else reason

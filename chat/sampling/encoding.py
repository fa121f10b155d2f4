"""What a value becomes in the request body, where that is more than a key and the value."""

from collections.abc import Mapping

from .parameter import Settings


def encode_stream(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    return {"stream": value == "on"}


def encode_logprobs(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    """Together takes the number of alternatives; the others a switch, and the number beside it."""
    if dialect in ("together", "fireworks"):
        return {"logprobs": value}
    return {"logprobs": True, "top_logprobs": value} if value else {"logprobs": True}


def encode_echo(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    return {"echo": value == "on"}


def encode_reasoning(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    on = value == "on"
    if dialect == "deepseek":
        return {"thinking": {"type": "enabled" if on else "disabled"}}
    if dialect in ("vllm", "llamacpp"):
        return {"chat_template_kwargs": {"enable_thinking": on}}
    return {"reasoning": {"enabled": on}}


def encode_effort(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    return {"reasoning": {"effort": value}} if dialect == "openrouter" else {"reasoning_effort": value}


def encode_format(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    """A schema goes with `json_schema`; the form refuses that choice without one."""
    if value != "json_schema":
        return {"response_format": {"type": value}}
    schema = settings.get("schema")
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}


def encode_nothing(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    """The schema is sent by the response format, and not at all without it."""
    return {}


def encode_extra(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}

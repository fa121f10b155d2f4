"""From the JSON of a request to checked values. The first key that is wrong is an ApiError that names it."""

from collections.abc import Callable, Mapping
from typing import Any

from chat.demo.fields import Fields
from chat.demo.messages import read_messages
from chat.demo.request import ChatRequest, CompletionRequest, Logprobs, Sampling, Tool, Wishes

MOST_CHOICES = 128
MOST_STOPS = 16
LONGEST_STOP = 1000  # characters
MOST_TOP_LOGPROBS = 20
MOST_TOOLS = 128
MOST_TOKENS = 1_000_000
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def read_chat(body: Mapping[str, Any]) -> ChatRequest:
    fields = Fields(body)
    wishes = read_wishes(fields, read_chat_logprobs)
    tools = tuple(read_tool(entry) for entry in fields.objects("tools"))
    if len(tools) > MOST_TOOLS:
        raise fields.wrong("tools", f"must hold at most {MOST_TOOLS} tools")
    response_format = fields.object("response_format")
    return ChatRequest(
        wishes=wishes,
        messages=tuple(read_messages(fields)),
        tools=tools,
        tool_choice=read_tool_choice(fields, tools),
        parallel_tool_calls=fields.flag("parallel_tool_calls", True),
        response_format=fields.raw("response_format") if response_format else None,
        reasoning=read_reasoning(fields),
    )


def read_completion(body: Mapping[str, Any]) -> CompletionRequest:
    fields = Fields(body)
    wishes = read_wishes(fields, read_completion_logprobs)
    prompt = fields.text("prompt")
    if prompt is None:
        raise fields.wrong("prompt", "is required")
    return CompletionRequest(wishes, prompt)


def read_wishes(fields: Fields, read_logprobs: Callable[[Fields], Logprobs | None]) -> Wishes:
    options = fields.object("stream_options")
    stream = fields.flag("stream", False)
    if options and not stream:
        raise fields.wrong("stream_options", "is only allowed when `stream` is true")
    return Wishes(
        model=fields.required_text("model"),
        stream=stream,
        include_usage=options.flag("include_usage", False) if options else False,
        n=fields.integer("n", 1, MOST_CHOICES) or 1,
        max_tokens=read_max_tokens(fields),
        stop=read_stop(fields),
        sampling=read_sampling(fields),
        logprobs=read_logprobs(fields),
        echo=fields.flag("echo", False),
    )


def read_max_tokens(fields: Fields) -> int | None:
    if "max_tokens" in fields and "max_completion_tokens" in fields:
        raise fields.wrong("max_completion_tokens", "and `max_tokens` must not both be set")
    newer = fields.integer("max_completion_tokens", 1, MOST_TOKENS)
    return newer or fields.integer("max_tokens", 1, MOST_TOKENS)


def read_stop(fields: Fields) -> tuple[str, ...]:
    if "stop" not in fields:
        return ()
    value = fields.raw("stop")
    stops = [value] if isinstance(value, str) else value
    if not isinstance(stops, list) or not all(isinstance(stop, str) and stop for stop in stops):
        raise fields.wrong("stop", "must be a string or a list of strings, none of them empty")
    if len(stops) > MOST_STOPS or any(len(stop) > LONGEST_STOP for stop in stops):
        raise fields.wrong("stop", f"must hold at most {MOST_STOPS} strings of {LONGEST_STOP} characters")
    return tuple(stops)


def read_sampling(fields: Fields) -> Sampling:
    top_k = fields.integer("top_k", -1, MOST_TOKENS) or 0
    return Sampling(
        temperature=fields.number("temperature", 0, 2, Sampling().temperature),
        top_p=fields.number("top_p", 0, 1, 1),
        top_k=max(top_k, 0),
        min_p=fields.number("min_p", 0, 1, 0),
        repetition_penalty=fields.number("repetition_penalty", 0.01, 10, 1),
        presence_penalty=fields.number("presence_penalty", -2, 2, 0),
        frequency_penalty=fields.number("frequency_penalty", -2, 2, 0),
        logit_bias=read_logit_bias(fields),
        seed=fields.integer("seed", -(2**63), 2**64 - 1),
    )


def read_logit_bias(fields: Fields) -> Mapping[int, float]:
    biases = fields.object("logit_bias")
    if biases is None:
        return {}
    tokens = fields.raw("logit_bias")
    if not all(token.isascii() and token.isdecimal() and len(token) < 10 for token in tokens):
        raise fields.wrong("logit_bias", "must have token ids, as decimal strings, for keys")
    return {int(token): biases.number(token, -100, 100, 0) for token in tokens}


def read_chat_logprobs(fields: Fields) -> Logprobs | None:
    """A whole number asks in Together's form, true (with `top_logprobs`) in OpenAI's. So is the answer."""
    value = fields.raw("logprobs")
    if isinstance(value, int) and not isinstance(value, bool):
        return Logprobs(fields.integer("logprobs", 0, MOST_TOP_LOGPROBS) or 0, "together")
    wanted = fields.flag("logprobs", False)
    if "top_logprobs" in fields and not wanted:
        raise fields.wrong("top_logprobs", "needs `logprobs` to be true")
    return Logprobs(fields.integer("top_logprobs", 0, MOST_TOP_LOGPROBS) or 0, "openai") if wanted else None


def read_completion_logprobs(fields: Fields) -> Logprobs | None:
    top = fields.integer("logprobs", 0, MOST_TOP_LOGPROBS)
    return None if top is None else Logprobs(top, "openai")


def read_tool(entry: Fields) -> Tool:
    if entry.raw("type") != "function":
        raise entry.wrong("type", "must be function")
    function = entry.object("function")
    if function is None:
        raise entry.wrong("function", "is required")
    parameters = function.object("parameters")
    return Tool(function.required_text("name"), function.raw("parameters") if parameters else {})


def read_tool_choice(fields: Fields, tools: tuple[Tool, ...]) -> str:
    if "tool_choice" not in fields:
        return "auto"
    if not tools:
        raise fields.wrong("tool_choice", "is only allowed when `tools` are given")
    choice = fields.raw("tool_choice")
    if choice in ("auto", "none", "required"):
        return str(choice)
    name = forced_function(choice)
    if name not in {tool.name for tool in tools}:
        raise fields.wrong("tool_choice", "must be auto, none, required, or name a function among `tools`")
    return f"={name}"


def forced_function(choice: Any) -> str | None:
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None


def read_reasoning(fields: Fields) -> bool:
    """Whether the client lets the model reason. It does unless it says no, in either of the usual ways."""
    efforts = [read_effort(fields, "reasoning_effort")]
    enabled = True
    if reasoning := fields.object("reasoning"):
        efforts.append(read_effort(reasoning, "effort"))
        enabled = reasoning.flag("enabled", True)
    return enabled and "none" not in efforts


def read_effort(fields: Fields, key: str) -> str | None:
    effort = fields.text(key)
    if effort is not None and effort not in EFFORTS:
        raise fields.wrong(key, f"must be one of {', '.join(EFFORTS)}")
    return effort

"""What a client may ask of the demo models, as checked values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chat.demo.messages import Message


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen. The default temperature is moderate: at 1 so small a model rambles."""

    temperature: float = 0.7
    top_p: float = 1.0
    top_k: int = 0  # 0 is off
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Logprobs:
    """Wanted log probabilities: how many alternatives for each token, and in whose form."""

    top: int
    form: Literal["openai", "together"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What both endpoints share."""

    model: str
    stream: bool
    include_usage: bool
    n: int
    max_tokens: int | None
    stop: tuple[str, ...]
    sampling: Sampling
    logprobs: Logprobs | None
    echo: bool


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    wishes: Wishes
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]
    tool_choice: str  # "auto", "none", "required", or "=" and the name of the forced function
    parallel_tool_calls: bool
    response_format: Mapping[str, Any] | None
    reasoning: bool


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    wishes: Wishes
    prompt: str

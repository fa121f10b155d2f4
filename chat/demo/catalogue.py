"""The list of models, as OpenAI gives it, with the facts that Together and OpenRouter add."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chat.demo.budget import CONTEXT_LENGTH
from chat.demo.errors import ApiError
from chat.demo.request import Sampling

NGRAM = "demo/ngram"
SHOWCASE = "demo/showcase"

SHARED_PARAMETERS = ("max_tokens", "max_completion_tokens", "stop", "n", "logprobs", "top_logprobs", "echo")
SAMPLING_PARAMETERS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repetition_penalty",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "seed",
)
SCRIPT_PARAMETERS = (
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "structured_outputs",
    "reasoning",
    "reasoning_effort",
)


# What the n-gram model does where a request says nothing.
SAMPLING_DEFAULTS = {
    name: value
    for name, value in asdict(Sampling()).items()
    if name in SAMPLING_PARAMETERS and isinstance(value, int | float)
}


def entry(
    name: str,
    title: str,
    description: str,
    inputs: list[str],
    parameters: tuple[str, ...],
    defaults: Mapping[str, float],
) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": 0,
        "owned_by": "demo",
        "type": "chat",
        "display_name": title,
        "description": description,
        "organization": "Demo",
        "context_length": CONTEXT_LENGTH,
        "pricing": {"input": 0, "output": 0, "prompt": "0", "completion": "0"},
        "architecture": {"input_modalities": inputs, "output_modalities": ["text"]},
        "supported_parameters": [*SHARED_PARAMETERS, *parameters],
        "default_parameters": dict(defaults),
    }


MODELS = {
    NGRAM: entry(
        NGRAM,
        "Demo n-gram",
        "A real but tiny language model that babbles Python's reference. Every sampling control works.",
        ["text"],
        SAMPLING_PARAMETERS,
        SAMPLING_DEFAULTS,
    ),
    SHOWCASE: entry(
        SHOWCASE,
        "Demo showcase",
        "A script, not a model. It shows Markdown, reasoning, tools, JSON and images.",
        ["text", "image"],
        SCRIPT_PARAMETERS,
        {},
    ),
}


def listing() -> dict[str, Any]:
    return {"object": "list", "data": list(MODELS.values())}


def find(name: str) -> dict[str, Any]:
    if name not in MODELS:
        known = " and ".join(MODELS)
        message = f"The model `{name[:200]}` does not exist. There are {known}."
        raise ApiError(message, status=404, param="model", code="model_not_found")
    return MODELS[name]

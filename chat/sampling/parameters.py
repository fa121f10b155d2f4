"""The request parameters, once. Form, validation, request body and panel are all made from this list.

Ranges and names come from the providers' own documentation. Where a dialect wants another key or another shape,
`wire` or `encode` says so; `only` and `not_in` name the dialects that take a parameter.
"""

from .encoding import (
    encode_echo,
    encode_effort,
    encode_extra,
    encode_format,
    encode_logprobs,
    encode_nothing,
    encode_reasoning,
    encode_stream,
)
from .parameter import Parameter

ON_OFF = ("on", "off")
STRICT = frozenset({"openai", "mistral", "groq", "deepseek"})

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "temperature", "Temperature", "number", "Sampling", minimum=0, maximum=2, step=0.1,
        help="How freely the model picks among likely tokens. 0 always takes the likeliest.",
        defaults={"openai": 1, "llamacpp": 0.8},
    ),
    Parameter(
        "top_p", "Top P", "number", "Sampling", minimum=0, maximum=1, step=0.01,
        help="Keep the likeliest tokens until their probabilities add up to this.",
        defaults={"openai": 1, "llamacpp": 0.95},
    ),
    Parameter(
        "top_k", "Top K", "integer", "Sampling", minimum=-1, maximum=1000,
        help="Keep only this many of the likeliest tokens. 0 or -1 keeps all.", not_in=STRICT | {"ollama"},
    ),
    Parameter(
        "min_p", "Min P", "number", "Sampling", minimum=0, maximum=1, step=0.01,
        help="Drop tokens less likely than this share of the likeliest one.", not_in=STRICT | {"ollama", "lmstudio"},
    ),
    Parameter(
        "repetition_penalty", "Repetition penalty", "number", "Sampling", minimum=0, maximum=2, step=0.05,
        help="Above 1, tokens that were used become less likely. 1 does nothing.", not_in=STRICT | {"ollama"},
        wire={"llamacpp": "repeat_penalty", "lmstudio": "repeat_penalty"},
    ),
    Parameter(
        "presence_penalty", "Presence penalty", "number", "Sampling", minimum=-2, maximum=2, step=0.1,
        help="Above 0, tokens that were used at all become less likely.",
        defaults={"openai": 0},
    ),
    Parameter(
        "frequency_penalty", "Frequency penalty", "number", "Sampling", minimum=-2, maximum=2, step=0.1,
        help="Above 0, tokens become less likely the more often they were used.",
        defaults={"openai": 0},
    ),
    Parameter(
        "seed", "Seed", "integer", "Sampling", minimum=-(2**63), maximum=2**63 - 1,
        help="The same seed and the same request give the same answer, as far as the provider can.",
        not_in=frozenset({"deepseek"}), wire={"mistral": "random_seed"},
    ),
    Parameter(
        "max_tokens", "Max tokens", "integer", "Length", minimum=1, maximum=1_000_000, scale="power-of-two",
        help="The longest answer, in tokens. Thinking counts too.",
    ),
    Parameter(
        "stop", "Stop sequences", "lines", "Length", most=16,
        help="The answer ends before any of these. Enter adds one; \\n stands for a line break.",
    ),
    Parameter(
        "n", "Number of choices", "integer", "Length", minimum=1, maximum=16,
        help="Answers to one request, side by side as alternatives.", not_in=frozenset({"groq", "deepseek", "ollama"}),
    ),
    Parameter(
        "response_format", "Response format", "choice", "Output", choices=("text", "json_object", "json_schema"),
        help="JSON must be asked for in the prompt too. A schema is held to by most providers.", encode=encode_format,
        keys=frozenset({"response_format"}),
    ),
    Parameter(
        "schema", "JSON schema", "object", "Output", encode=encode_nothing,
        help="What an answer in the format json_schema has to look like.",
    ),
    Parameter(
        "tool_choice", "Tool choice", "choice", "Output", choices=("auto", "none", "required"),
        help="Whether the model may, must or must not call the tools that the request offers.",
    ),
    Parameter(
        "reasoning", "Reasoning", "choice", "Reasoning", choices=ON_OFF, encode=encode_reasoning,
        keys=frozenset({"thinking", "chat_template_kwargs", "reasoning"}),
        help="Whether the model thinks before it answers, where that can be switched.",
        only=frozenset({"together", "openrouter", "deepseek", "vllm", "llamacpp", "demo"}),
    ),
    Parameter(
        "reasoning_effort", "Reasoning effort", "choice", "Reasoning", encode=encode_effort,
        keys=frozenset({"reasoning_effort"}),
        choices=("none", "minimal", "low", "medium", "high", "xhigh", "max"), defaults={"deepseek": "high"},
        help="How much the model thinks. Each model takes some of these.", not_in=frozenset({"lmstudio"}),
    ),
    Parameter(
        "stream", "Stream", "choice", "Advanced", choices=ON_OFF, encode=encode_stream,
        help="Off waits for the whole answer. Not set streams.",
    ),
    Parameter(
        "logprobs", "Logprobs", "integer", "Advanced", minimum=0, maximum=20, encode=encode_logprobs,
        keys=frozenset({"logprobs", "top_logprobs"}),
        help="How likely each token was, with this many alternatives.", not_in=frozenset({"groq", "mistral"}),
    ),
    Parameter(
        "logit_bias", "Logit bias", "bias", "Advanced", most=300,
        help="Raises or lowers single tokens, from -100 to 100. Enter adds one, such as 1712: -100.",
        not_in=frozenset({"groq", "mistral", "ollama", "deepseek"}),
    ),
    Parameter(
        "echo", "Echo", "choice", "Advanced", choices=ON_OFF, encode=encode_echo,
        keys=frozenset({"echo"}),
        help="Gives the prompt back, with logprobs also how likely it was.", only=frozenset({"together", "demo"}),
    ),
    Parameter(
        "safety_model", "Safety model", "text", "Advanced",
        help="A moderation model that looks at the exchange.", only=frozenset({"together"}),
    ),
    Parameter(
        "context_length_exceeded_behavior", "Context too long", "choice", "Advanced", choices=("error", "truncate"),
        help="What happens when prompt and Max tokens exceed the context.", only=frozenset({"together", "fireworks"}),
        defaults={"together": "error", "fireworks": "error"},
    ),
    Parameter(
        "user", "User", "text", "Advanced",
        help="An id for the person behind the request, for the provider's abuse checks.",
        not_in=frozenset({"mistral"}),
    ),
    Parameter(
        "extra", "Extra parameters", "object", "Advanced", encode=encode_extra,
        help="Any JSON object, merged into the request last. For what no field here has.",
    ),
)  # fmt: skip

BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}

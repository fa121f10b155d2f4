"""The request parameters, once. Form, validation, request body and panel are all made from this list.

A parameter that a person did not set is not in `settings` at all, and so its key is not in the request.
Ranges and names come from the providers' own documentation. Where a dialect wants another key or another shape,
`wire` or `encode` says so; `only` and `not_in` name the dialects that take a parameter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .typed import (
    Bad,
    parse_bias,
    parse_choice,
    parse_integer,
    parse_lines,
    parse_number,
    parse_object,
    parse_text,
    show_bias,
    show_lines,
    show_object,
    show_plain,
)

Settings = Mapping[str, object]
Kind = Literal["number", "integer", "choice", "text", "lines", "bias", "object"]

PARSE: Mapping[Kind, Callable[[str], object]] = {
    "number": parse_number,
    "integer": parse_integer,
    "choice": parse_text,
    "text": parse_text,
    "lines": parse_lines,
    "bias": parse_bias,
    "object": parse_object,
}
SHOW: Mapping[Kind, Callable[[object], str]] = {
    "number": show_plain,
    "integer": show_plain,
    "choice": show_plain,
    "text": show_plain,
    "lines": show_lines,
    "bias": show_bias,
    "object": show_object,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One request parameter: what it is called, what it may hold, who takes it, and how it is sent."""

    name: str
    label: str
    kind: Kind
    group: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    scale: Literal["linear", "power-of-two"] = "linear"
    most: int = 0  # of a list
    choices: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    not_in: frozenset[str] = frozenset()
    wire: Mapping[str, str] = field(default_factory=dict)
    encode: Callable[[str, object, Settings], Mapping[str, object]] | None = None
    keys: frozenset[str] = frozenset()  # what `encode` may put into a request
    # The provider's own value where none is sent, by dialect: only where its documentation tells one for all models.
    defaults: Mapping[str, float | str] = field(default_factory=dict)

    def key(self, dialect: str) -> str:
        """The key in the request body of this dialect."""
        return self.wire.get(dialect, self.name)

    def taken_by(self, dialect: str) -> bool:
        return dialect in self.only if self.only else dialect not in self.not_in

    def sent(self, dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
        """What this value puts into the request body."""
        return self.encode(dialect, value, settings) if self.encode else {self.key(dialect): value}

    def fits(self, value: object) -> bool:
        """Whether a value that somebody else told could be one of this parameter."""
        if self.kind in ("number", "integer"):
            return isinstance(value, int | float)
        return value in self.choices

    def parse(self, text: str) -> object:
        """The value that a person typed. Raises ValueError with words for that person."""
        try:
            value = PARSE[self.kind](text)
        except Bad as bad:
            raise ValueError(f"{self.label} must be {bad}") from None
        if self.choices:
            value = parse_choice(text, self.choices, self.label)
        if isinstance(value, int | float) and not self.holds(value):
            raise ValueError(f"{self.label} must be {self.range_in_words()}.")
        if self.most and isinstance(value, list | dict) and len(value) > self.most:
            raise ValueError(f"{self.label} can have {self.most} at most, and here are {len(value)}.")
        return value

    def show(self, value: object) -> str:
        """The value as a person would type it."""
        return SHOW[self.kind](value)

    def holds(self, value: float) -> bool:
        if value != value:
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)

    def range_in_words(self) -> str:
        if self.maximum is None:
            return f"at least {self.minimum or 0:,g}"
        return f"from {in_digits(self.minimum or 0)} to {in_digits(self.maximum)}"


def in_digits(bound: float) -> str:
    """A whole number with its thousands apart, and no power of ten."""
    return f"{bound:,.0f}" if bound == int(bound) else f"{bound:g}"


def encode_stream(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    return {"stream": value == "on"}


def encode_logprobs(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
    """Together takes the number of alternatives; the others a switch, and the number beside it."""
    if dialect in ("together", "fireworks"):
        return {"logprobs": value}
    return {"logprobs": True, "top_logprobs": value} if value else {"logprobs": True}


def encode_switch(dialect: str, value: object, settings: Settings) -> Mapping[str, object]:
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


ON_OFF = ("on", "off")
OPENAI = frozenset({"openai"})
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
        "echo", "Echo", "choice", "Advanced", choices=ON_OFF, encode=encode_switch,
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


def parameter_behind(key: str, dialect: str) -> Parameter | None:
    """The parameter that put this key into a request of this dialect."""
    found = (p for p in PARAMETERS if key in p.keys or (not p.encode and p.key(dialect) == key))
    return next(found, None)


BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
# What a conversation has fields of its own for.
NOT_EXTRA = ("model", "messages", "stream")


def contradiction(settings: Settings) -> tuple[str, str] | None:
    """The name of a parameter that cannot be sent beside the others, and why."""
    if settings.get("response_format") == "json_schema" and not settings.get("schema"):
        return "schema", "The response format json_schema needs a schema here."
    extra = settings.get("extra")
    taken = [key for key in NOT_EXTRA if isinstance(extra, Mapping) and key in extra]
    if taken:
        return "extra", f"{taken[0]} is set elsewhere on this page and cannot be replaced here."
    return None


def payload(settings: Settings, dialect: str) -> dict[str, object]:
    """The part of the request body that the settings make: set parameters only, under the dialect's keys."""
    body: dict[str, object] = {}
    for parameter in PARAMETERS:
        if parameter.name in settings and parameter.taken_by(dialect):
            for key, value in parameter.sent(dialect, settings[parameter.name], settings).items():
                before = body.get(key)
                # Two parameters may share an object, such as OpenRouter's `reasoning`.
                body[key] = (
                    {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
                )
    return body

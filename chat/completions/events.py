"""What a stream says, piece by piece. `choice` tells the answers of one request apart."""

from dataclasses import dataclass

from .errors import CompletionError


@dataclass(frozen=True, slots=True)
class Opened:
    """The response headers arrived. Comes once for each attempt."""

    status: int
    headers: dict[str, str]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Retrying:
    """An attempt failed before anything was said. Retry number `attempt`, from 1, is in `wait` seconds."""

    attempt: int
    wait: float
    error: CompletionError


@dataclass(frozen=True, slots=True)
class Answered:
    """The id and the model, as the provider names them."""

    id: str
    model: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Reasoning:
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class TextWasReasoning:
    """A closing tag came without an opening one: all text of this choice so far was reasoning."""

    choice: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A piece of a tool call. `id` and `name` are as known by now; `arguments` is new JSON text."""

    index: int
    id: str
    name: str
    arguments: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """One token. `top` holds the likeliest tokens at its place, with their logprobs."""

    token: str
    logprob: float | None
    id: int | None = None
    bytes: tuple[int, ...] | None = None
    top: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Logprobs:
    tokens: tuple[TokenLogprob, ...]
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Annotation:
    data: dict[str, object]
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Image:
    """An image that the model made: a data URL of a raster format, or an https address."""

    url: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What the call used, by the provider's count. Comes at most once, last. `cost` is in USD."""

    prompt_tokens: int | None
    completion_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None
    cost: float | None
    raw: dict[str, object]


@dataclass(frozen=True, slots=True)
class Finish:
    """A choice ended. `reason` is one of REASONS; `raw` is the provider's word, "" if it gave none."""

    reason: str
    raw: str
    choice: int = 0


Event = (
    Opened
    | Retrying
    | Answered
    | Text
    | Reasoning
    | TextWasReasoning
    | Refusal
    | ToolCall
    | Logprobs
    | Annotation
    | Image
    | Usage
    | Finish
)

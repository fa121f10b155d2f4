"""What one choice of an answer says next. Both models speak in these; the endpoints put them on the wire."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an answer, with its probability where that was asked for."""

    id: int
    raw: bytes
    logprob: float | None = None  # None for the first token of a prompt, which follows nothing
    top: tuple[tuple[bytes, float], ...] = ()

    @property
    def text(self) -> str:
        return self.raw.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class CallFragment:
    """A piece of a tool call. The first piece of a call has its id and name."""

    index: int
    arguments: str = ""
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """The step of one token. It may say nothing yet: text that could become a stop sequence is held back."""

    content: str = ""
    reasoning: str = ""
    call: CallFragment | None = None
    tokens: tuple[Token, ...] = ()  # those whose text begins in `content`
    spent: int = 0  # tokens counted, those of reasoning too
    spent_reasoning: int = 0
    finish: str | None = None

    def says_something(self) -> bool:
        return bool(self.content or self.reasoning or self.call or self.tokens or self.finish)


@dataclass(frozen=True, slots=True)
class Answer:
    """A prepared answer: what the prompt cost, and one iterator of steps for each choice."""

    prompt_text: str
    prompt_tokens: int
    choices: Sequence[Iterator[Delta]]
    seeds: Sequence[int]
    prompt: tuple[Token, ...] = ()  # scored tokens of the prompt, where the client wants them echoed

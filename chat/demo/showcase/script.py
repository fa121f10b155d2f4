"""A script and its performance: the parts are known beforehand, and said token by token like any answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.demo.delta import CallFragment, Delta, Token
from chat.demo.ngram.tokenizer import Tokenizer
from chat.demo.request import Logprobs
from chat.demo.voice import Voice


@dataclass(frozen=True, slots=True)
class Reasoning:
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call. `text` is its arguments in JSON."""

    text: str
    id: str
    name: str


Part = Reasoning | Content | Call


class Stage:
    """Where one choice says its parts, under the client's limits."""

    def __init__(
        self, tokenizer: Tokenizer, stop: Sequence[str], limit: int, logprobs: Logprobs | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._voice = Voice(stop)
        self._left = limit
        self._logprobs = logprobs

    def play(self, parts: Sequence[Part]) -> Iterator[Delta]:
        calls = 0
        for part in parts:
            if isinstance(part, Call):
                yield Delta(call=CallFragment(calls, id=part.id, name=part.name))
            yield from self._say(part, calls)
            if self._voice.stopped or self._left < 0:
                break
            calls += isinstance(part, Call)
        yield self._closing("tool_calls" if calls else "stop")

    def _say(self, part: Part, call: int) -> Iterator[Delta]:
        """Leaves the count below zero where the limit cut the part."""
        aside = Voice(())  # a stop sequence cuts what is said to the person, nothing else
        for token in self._tokenizer.tokens(part.text):
            self._left -= 1
            if self._left < 0:
                return
            if isinstance(part, Content):
                text, tokens = self._voice.hear(self._certain(token))
                yield Delta(content=text, tokens=tokens, spent=1)
            else:
                text, _ = aside.hear(Token(token, self._tokenizer.raw(token)))
                yield whispered(part, text, call)
            if self._voice.stopped:
                return

    def _closing(self, finish: str) -> Delta:
        text, tokens = ("", ()) if self._voice.stopped else self._voice.close()
        cut = self._left < 0 and not self._voice.stopped
        return Delta(content=text, tokens=tokens, finish="length" if cut else finish)

    def _certain(self, token: int) -> Token:
        """A script leaves nothing to chance: every token has the probability one."""
        raw = self._tokenizer.raw(token)
        if self._logprobs is None:
            return Token(token, raw)
        return Token(token, raw, 0.0, ((raw, 0.0),) if self._logprobs.top else ())


def whispered(part: Reasoning | Call, text: str, call: int) -> Delta:
    if isinstance(part, Reasoning):
        return Delta(reasoning=text, spent=1, spent_reasoning=1)
    return Delta(call=CallFragment(call, text) if text else None, spent=1)

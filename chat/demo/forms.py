"""Answers on the wire: `/chat/completions` and `/completions`, each whole and in chunks."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from chat.demo import logprobs, tally
from chat.demo.delta import Answer, Delta, Token
from chat.demo.request import Wishes
from chat.demo.tally import Tally


class Form:
    """What both endpoints share. Chunks carry `usage: null` where the client asked for usage at the end."""

    id_prefix: str
    object_whole: str
    object_chunk: str

    def __init__(self, wishes: Wishes, answer: Answer) -> None:
        self.wishes = wishes
        self.answer = answer
        self._common = {
            "id": self.id_prefix + uuid4().hex,
            "created": int(time.time()),
            "model": wishes.model,
        }

    def opening(self) -> Iterator[dict[str, Any]]:
        """The chunks before the first step of any choice."""
        raise NotImplementedError

    def chunks(self, index: int, delta: Delta) -> Iterator[dict[str, Any]]:
        raise NotImplementedError

    def choice(self, index: int, said: Tally) -> dict[str, Any]:
        raise NotImplementedError

    def whole(self, tallies: list[Tally]) -> dict[str, Any]:
        return {
            **self._common,
            "object": self.object_whole,
            "prompt": self._prompt(),
            "choices": [self.choice(index, said) for index, said in enumerate(tallies)],
            "usage": tally.usage(self.answer.prompt_tokens, tallies),
        }

    def closing(self, tallies: list[Tally]) -> dict[str, Any]:
        """The chunk after the last, with the usage."""
        counted = tally.usage(self.answer.prompt_tokens, tallies)
        return {**self._common, "object": self.object_chunk, "choices": [], "usage": counted}

    def _chunk(self, choice: dict[str, Any]) -> dict[str, Any]:
        chunk = {**self._common, "object": self.object_chunk, "choices": [choice]}
        return {**chunk, "usage": None} if self.wishes.include_usage else chunk

    def _prompt(self) -> list[dict[str, Any]]:
        return []


class ChatForm(Form):
    id_prefix = "chatcmpl-"
    object_whole = "chat.completion"
    object_chunk = "chat.completion.chunk"

    def opening(self) -> Iterator[dict[str, Any]]:
        for index in range(self.wishes.n):
            delta = {"role": "assistant", "content": ""}
            yield self._chunk({"index": index, "delta": delta, "logprobs": None, "finish_reason": None})

    def chunks(self, index: int, delta: Delta) -> Iterator[dict[str, Any]]:
        wanted = self.wishes.logprobs
        choice = {"index": index, "delta": said(delta), "logprobs": None, "finish_reason": delta.finish}
        if delta.finish:
            choice["seed"] = self.answer.seeds[index]
        if wanted and wanted.form == "together":
            yield from map(self._chunk, one_token_each(choice, delta.tokens))
        else:
            if wanted and delta.tokens:
                choice["logprobs"] = logprobs.openai_chat(delta.tokens)
            yield self._chunk(choice)

    def choice(self, index: int, said: Tally) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": said.content or (None if said.calls else ""),
        }
        if said.reasoning:
            message["reasoning"] = said.reasoning
        if said.calls:
            message["tool_calls"] = said.calls
        return {
            "index": index,
            "message": message,
            "logprobs": self._logprobs(said.tokens),
            "finish_reason": said.finish,
            "seed": self.answer.seeds[index],
        }

    def _logprobs(self, tokens: list[Token]) -> dict[str, Any] | None:
        if self.wishes.logprobs is None:
            return None
        shape = logprobs.together if self.wishes.logprobs.form == "together" else logprobs.openai_chat
        return shape(tokens)

    def _prompt(self) -> list[dict[str, Any]]:
        if not self.wishes.echo:
            return []
        scores = logprobs.together(self.answer.prompt) if self.wishes.logprobs else None
        return [{"text": self.answer.prompt_text, "logprobs": scores}]


class CompletionForm(Form):
    id_prefix = "cmpl-"
    object_whole = "text_completion"
    object_chunk = "text_completion"

    def __init__(self, wishes: Wishes, answer: Answer) -> None:
        super().__init__(wishes, answer)
        self._echo = answer.prompt_text if wishes.echo else ""
        self._offsets = [len(self._echo)] * wishes.n

    def opening(self) -> Iterator[dict[str, Any]]:
        if self.wishes.echo:
            for index in range(self.wishes.n):
                scores = self._logprobs(self.answer.prompt, 0)
                yield self._chunk(text_choice(index, self._echo, scores, None))

    def chunks(self, index: int, delta: Delta) -> Iterator[dict[str, Any]]:
        scores = self._logprobs(delta.tokens, self._offsets[index]) if delta.tokens else None
        self._offsets[index] += sum(len(token.text) for token in delta.tokens)
        yield self._chunk(text_choice(index, delta.content, scores, delta.finish))

    def choice(self, index: int, said: Tally) -> dict[str, Any]:
        scores = self._logprobs((*self.answer.prompt, *said.tokens), 0)
        choice = text_choice(index, self._echo + said.content, scores, said.finish)
        return {**choice, "seed": self.answer.seeds[index]}

    def _logprobs(self, tokens: tuple[Token, ...], offset: int) -> dict[str, Any] | None:
        return logprobs.text_completion(tokens, offset) if self.wishes.logprobs else None


def said(delta: Delta) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if delta.content:
        parts["content"] = delta.content
    if delta.reasoning:
        parts["reasoning"] = delta.reasoning
    if delta.call:
        parts["tool_calls"] = [tally.call(delta.call)]
    return parts


def one_token_each(choice: dict[str, Any], tokens: tuple[Token, ...]) -> Iterator[dict[str, Any]]:
    """Together's chunks have the number of one token. The text stands in the last of them."""
    for token in tokens[:-1]:
        empty = {"content": "", "token_id": token.id}
        yield {**choice, "delta": empty, "finish_reason": None, **numbers(token)}
    if tokens:
        choice = {**choice, "delta": {**choice["delta"], "token_id": tokens[-1].id}, **numbers(tokens[-1])}
    yield choice


def numbers(token: Token) -> dict[str, Any]:
    return {"logprobs": token.logprob, "top_logprobs": logprobs.by_text(token)}


def text_choice(index: int, text: str, scores: dict[str, Any] | None, finish: str | None) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": scores, "finish_reason": finish}

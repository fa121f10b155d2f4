"""`demo/showcase`: prepares answers whose words are written beforehand."""

from collections.abc import Sequence
from itertools import islice

from chat.demo.budget import CONTEXT_LENGTH, answer_limit
from chat.demo.delta import Answer, Token
from chat.demo.ngram.tokenizer import Tokenizer
from chat.demo.request import ChatRequest, CompletionRequest, Wishes
from chat.demo.showcase.direction import direct
from chat.demo.showcase.script import Content, Part, Stage
from chat.demo.showcase.tour import tour

DEFAULT_MAX_TOKENS = 16_384  # longer than any script, so that only the client cuts one


class ShowcaseModel:
    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def chat(self, request: ChatRequest) -> Answer:
        text = "\n\n".join(message.text for message in request.messages if message.text)
        return self._answer(text, direct(request), request.wishes)

    def complete(self, request: CompletionRequest) -> Answer:
        return self._answer(request.prompt, [Content(tour(request.prompt))], request.wishes)

    def _answer(self, text: str, parts: Sequence[Part], wishes: Wishes) -> Answer:
        prompt = list(islice(self._tokenizer.tokens(text), CONTEXT_LENGTH + 1))
        limit = answer_limit(len(prompt), wishes.max_tokens, DEFAULT_MAX_TOKENS)
        stages = [Stage(self._tokenizer, wishes.stop, limit, wishes.logprobs) for _ in range(wishes.n)]
        return Answer(
            prompt_text=text,
            prompt_tokens=len(prompt),
            choices=[stage.play(parts) for stage in stages],
            seeds=[wishes.sampling.seed or 0] * wishes.n,
            prompt=tuple(Token(token, self._tokenizer.raw(token)) for token in prompt) if wishes.echo else (),
        )

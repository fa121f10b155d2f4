"""`demo/ngram`: prepares answers that the n-gram model then makes up, one token at a time."""

from collections.abc import Sequence
from itertools import islice
from random import Random, SystemRandom

from chat.demo.budget import CONTEXT_LENGTH, answer_limit
from chat.demo.delta import Answer, Token
from chat.demo.errors import ApiError, unsupported
from chat.demo.ngram.generate import generate, score
from chat.demo.ngram.language import Language
from chat.demo.ngram.prompt import render
from chat.demo.ngram.sampler import Sampler
from chat.demo.request import ChatRequest, CompletionRequest, Wishes
from chat.demo.voice import Voice

DEFAULT_MAX_TOKENS = 256


class NgramModel:
    def __init__(self, language: Language) -> None:
        self._language = language

    def chat(self, request: ChatRequest) -> Answer:
        refuse_what_it_cannot(request)
        return self._answer(render(request.messages, self._language), request.wishes)

    def complete(self, request: CompletionRequest) -> Answer:
        return self._answer(request.prompt, request.wishes)

    def _answer(self, text: str, wishes: Wishes) -> Answer:
        self._check_bias(wishes)
        prompt = list(islice(self._language.tokenizer.tokens(text), CONTEXT_LENGTH + 1))
        limit = answer_limit(len(prompt), wishes.max_tokens, DEFAULT_MAX_TOKENS)
        seeds = [first_seed(wishes) + index for index in range(wishes.n)]
        return Answer(
            prompt_text=text,
            prompt_tokens=len(prompt),
            choices=[
                generate(
                    self._language,
                    prompt,
                    Sampler(wishes.sampling, prompt, Random(seed)),  # noqa: S311 - not for secrets
                    Voice(wishes.stop),
                    limit,
                    wishes.logprobs,
                )
                for seed in seeds
            ],
            seeds=seeds,
            prompt=self._echo(prompt, wishes),
        )

    def _echo(self, prompt: Sequence[int], wishes: Wishes) -> tuple[Token, ...]:
        return tuple(score(self._language, prompt, wishes.logprobs)) if wishes.echo else ()

    def _check_bias(self, wishes: Wishes) -> None:
        size = self._language.tokenizer.size
        if unknown := [token for token in wishes.sampling.logit_bias if token >= size]:
            raise ApiError(
                f"`logit_bias` names token {unknown[0]}, but the vocabulary has {size} tokens.",
                param="logit_bias",
                code="invalid_value",
            )


def first_seed(wishes: Wishes) -> int:
    """The client's, or one that the client can use to repeat the answer, small enough for JavaScript."""
    if wishes.sampling.seed is not None:
        return wishes.sampling.seed
    return SystemRandom().randrange(2**52)


def refuse_what_it_cannot(request: ChatRequest) -> None:
    if request.tools and request.tool_choice != "none":
        raise unsupported("tools", "tools")
    if request.response_format and request.response_format.get("type") != "text":
        raise unsupported("response_format", "a response format other than text")
    for number, message in enumerate(request.messages):
        if message.images:
            raise unsupported(f"messages[{number}].content", "images")

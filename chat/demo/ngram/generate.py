"""One choice of an answer, token by token, until the end of the text, a stop sequence or the limit."""

from collections.abc import Iterator, Sequence

from chat.demo.delta import Delta, Token
from chat.demo.ngram.counts import CONTEXT
from chat.demo.ngram.distribution import Distribution
from chat.demo.ngram.language import Language
from chat.demo.ngram.sampler import Sampler
from chat.demo.ngram.tokenizer import END, Tokenizer
from chat.demo.request import Logprobs
from chat.demo.voice import Voice


def generate(
    language: Language,
    prompt: Sequence[int],
    sampler: Sampler,
    voice: Voice,
    limit: int,
    logprobs: Logprobs | None,
) -> Iterator[Delta]:
    context = list(prompt[-CONTEXT:])
    for _ in range(limit):
        distribution = language.next_token(context)
        picked = sampler.pick(distribution)
        if picked == END:
            yield closing(voice, "stop")
            return
        context = [*context, picked][-CONTEXT:]
        text, tokens = voice.hear(describe(picked, distribution, language.tokenizer, logprobs))
        yield Delta(content=text, tokens=tokens, spent=1, finish="stop" if voice.stopped else None)
        if voice.stopped:
            return
    yield closing(voice, "length")


def closing(voice: Voice, finish: str) -> Delta:
    text, tokens = voice.close()
    return Delta(content=text, tokens=tokens, finish="stop" if voice.stopped else finish)


def describe(token: int, distribution: Distribution, tokenizer: Tokenizer, wanted: Logprobs | None) -> Token:
    """The token with the model's own log probabilities, before any control acts on them."""
    if wanted is None:
        return Token(token, tokenizer.raw(token))
    best = distribution.likeliest(wanted.top)
    top = tuple((tokenizer.raw(other), logprob) for other, logprob in best)
    return Token(token, tokenizer.raw(token), distribution.logprob(token), top)


def score(language: Language, prompt: Sequence[int], wanted: Logprobs | None) -> Iterator[Token]:
    """The tokens of a prompt, each as likely as the model finds it after those before it."""
    for at, token in enumerate(prompt):
        if at == 0 or wanted is None:
            yield Token(token, language.tokenizer.raw(token))
        else:
            distribution = language.next_token(prompt[max(at - CONTEXT, 0) : at])
            yield describe(token, distribution, language.tokenizer, wanted)

"""The choice of the next token. Every control acts on the distribution, in this order:

penalties and logit bias, temperature, top-k, top-p, min-p.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from random import Random

from chat.demo.ngram.distribution import Distribution, Weighed, by_weight, ranked
from chat.demo.ngram.tokenizer import END
from chat.demo.request import Sampling


class Sampler:
    """Picks one token after another, and remembers what it picked for the penalties."""

    def __init__(self, controls: Sampling, prompt: Iterable[int], random: Random) -> None:
        self._controls = controls
        self._random = random
        self._picked: Counter[int] = Counter()
        self._repeatable = set(prompt) if controls.repetition_penalty != 1 else set()

    def pick(self, distribution: Distribution) -> int:
        logits = self._adjusted(distribution)
        token = self._drawn(logits, distribution)
        self._picked[token] += 1
        if self._controls.repetition_penalty != 1:
            self._repeatable.add(token)
        return token

    def _adjusted(self, distribution: Distribution) -> dict[int, float]:
        """Logits of the head and of every token that a control touches; the tail stays as it is."""
        controls = self._controls
        penalised = self._picked if controls.presence_penalty or controls.frequency_penalty else {}
        logits = {token: math.log(probability) for token, probability in distribution.head.items()}
        for token in chain(controls.logit_bias, self._repeatable, penalised):
            if token not in logits:
                logits[token] = distribution.logprob(token)
        for token in self._repeatable:
            logits[token] *= controls.repetition_penalty  # a log probability is never positive
        for token, count in penalised.items():
            logits[token] -= controls.presence_penalty + count * controls.frequency_penalty
        for token, bias in controls.logit_bias.items():
            logits[token] += bias
        return logits

    def _drawn(self, logits: dict[int, float], distribution: Distribution) -> int:
        if self._controls.temperature > 0:
            weights = Weights(logits, distribution, self._controls.temperature)
            kept = list(self._truncated(weights)) if self._truncates() else weights.unordered()
            total = sum(weight for weight, _ in kept) if isinstance(kept, list) else weights.total
            if total > 0:
                return drawn(kept, self._random.random() * total)
        return likeliest(logits, distribution)

    def _truncates(self) -> bool:
        controls = self._controls
        return bool(controls.top_k) or controls.top_p < 1 or controls.min_p > 0

    def _truncated(self, weights: "Weights") -> Iterator[Weighed]:
        controls, total = self._controls, weights.total
        kept = weights.ranked()
        if controls.top_k:
            few = list(islice(kept, controls.top_k))
            kept, total = iter(few), sum(weight for weight, _ in few)
        if controls.top_p < 1:
            kept = nucleus(kept, controls.top_p * total)
        return above(kept, controls.min_p)


class Weights:
    """Unnormalised probabilities at a temperature. The highest possible is one, so nothing overflows."""

    def __init__(self, logits: dict[int, float], distribution: Distribution, temperature: float) -> None:
        self._unigrams = distribution.unigrams
        top_of_tail = log(distribution.tail * self._unigrams.likeliest)
        top = max(top_of_tail, *logits.values()) if logits else top_of_tail
        self._known = {token: math.exp((logit - top) / temperature) for token, logit in logits.items()}
        self._scale = math.exp((top_of_tail - top) / temperature)
        self._powers, everything = self._unigrams.raised(1 / temperature)
        unknown = everything - sum(self._powers[token] for token in self._known)
        self.total = sum(self._known.values()) + self._scale * max(unknown, 0.0)

    def unordered(self) -> Iterator[Weighed]:
        return chain(((weight, token) for token, weight in self._known.items()), self._tail())

    def ranked(self) -> Iterator[Weighed]:
        return ranked(self._known, self._tail())

    def _tail(self) -> Iterator[Weighed]:
        known, powers, scale = self._known, self._powers, self._scale
        return ((scale * powers[token], token) for token in self._unigrams.order if token not in known)


def nucleus(falling: Iterator[Weighed], enough: float) -> Iterator[Weighed]:
    """The likeliest until they add up to enough, and never none."""
    gathered = 0.0
    for weight, token in falling:
        yield weight, token
        gathered += weight
        if gathered >= enough:
            return


def above(falling: Iterator[Weighed], part: float) -> Iterator[Weighed]:
    """Those with at least this part of the highest weight."""
    highest: float | None = None
    for weight, token in falling:
        highest = weight if highest is None else highest
        if weight < part * highest:
            return
        yield weight, token


def drawn(weighed: Iterable[Weighed], point: float) -> int:
    """The token at this point of the line on which every token is as long as its weight."""
    last = END
    for weight, last in weighed:  # noqa: B007 - rounding may leave the point past the end of the line
        point -= weight
        if point < 0:
            break
    return last


def likeliest(logits: dict[int, float], distribution: Distribution) -> int:
    order, tail = distribution.unigrams.order, distribution.tail
    best_of_tail = next((token for token in order if token not in logits), None)
    candidates = [(logit, token) for token, logit in logits.items()]
    if best_of_tail is not None:
        candidates.append((log(tail * distribution.unigrams.probabilities[best_of_tail]), best_of_tail))
    return min(candidates, key=by_weight)[1]


def log(probability: float) -> float:
    return math.log(probability) if probability > 0 else -math.inf

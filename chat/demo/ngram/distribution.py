"""The probabilities of the next token: a short list from the context, and one shared tail for all others.

A token seen after the context (or after a shorter end of it) is in the *head*. Every other token has its
share of the *tail*, in proportion to how common it is anywhere. So a distribution over the whole vocabulary
costs no more than its head.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import islice

from chat.demo.ngram.counts import CONTEXT, Counts

SEEN_NOWHERE = 0.01  # the count given to a token that the corpus lacks, so that nothing is impossible

Weighed = tuple[float, int]


class Unigrams:
    """How common each token is anywhere, and the tokens in that order."""

    def __init__(self, counts: Counts, size: int) -> None:
        seen = [SEEN_NOWHERE] * size
        for token in counts.tokens:
            seen[token] += 1
        total = sum(seen)
        self.probabilities = [count / total for count in seen]
        self.order = sorted(range(size), key=lambda token: (-seen[token], token))
        self.likeliest = self.probabilities[self.order[0]]
        self.raised = lru_cache(maxsize=8)(self._raised)

    def _raised(self, exponent: float) -> tuple[list[float], float]:
        """Each probability as a part of the highest, raised to the exponent; and the sum of all of them."""
        powers = [(probability / self.likeliest) ** exponent for probability in self.probabilities]
        return powers, sum(powers)


@dataclass(frozen=True, slots=True)
class Distribution:
    """P(token) is `head[token]`, or else `tail` times its unigram probability. They sum to one."""

    unigrams: Unigrams
    head: Mapping[int, float]
    tail: float

    def probability(self, token: int) -> float:
        return self.head.get(token, self.tail * self.unigrams.probabilities[token])

    def logprob(self, token: int) -> float:
        return math.log(self.probability(token))

    def ranked(self) -> Iterator[Weighed]:
        """(probability, token), the likeliest first, lazily through the whole vocabulary."""
        base = self.unigrams
        tail = ((self.tail * base.probabilities[t], t) for t in base.order if t not in self.head)
        return ranked(self.head, tail)

    def likeliest(self, number: int) -> list[tuple[int, float]]:
        """(token, log probability) of so many tokens, the likeliest first."""
        return [(token, math.log(probability)) for probability, token in islice(self.ranked(), number)]


def ranked(head: Mapping[int, float], tail: Iterator[Weighed]) -> Iterator[Weighed]:
    """Both as one falling sequence. The tail must already fall."""
    known = sorted(((weight, token) for token, weight in head.items()), key=by_weight)
    return merge(known, tail, key=by_weight)


def by_weight(weighed: Weighed) -> tuple[float, int]:
    return -weighed[0], weighed[1]


def after(context: Sequence[int], counts: Counts, unigrams: Unigrams) -> Distribution:
    """Witten-Bell interpolation: the more kinds of token followed a context, the more shorter ones count."""
    head: dict[int, float] = {}
    tail = 1.0
    for length in range(1, min(CONTEXT, len(context)) + 1):
        followers = counts.followers(context[-length:])
        if not followers:
            break
        total = sum(followers.values()) + len(followers)
        kept = len(followers) / total
        tail *= kept
        head = {token: probability * kept for token, probability in head.items()}
        for token, count in followers.items():
            shorter = head.get(token, tail * unigrams.probabilities[token])
            head[token] = shorter + count / total
    return Distribution(unigrams, head, tail)

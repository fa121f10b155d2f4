"""The trained model: its vocabulary, what followed what, and the probabilities that follow from it."""

from array import array
from collections.abc import Sequence
from pathlib import Path

from chat.demo.ngram import cache
from chat.demo.ngram.corpus import passages
from chat.demo.ngram.counts import CONTEXT, Counts
from chat.demo.ngram.distribution import Distribution, Unigrams, after
from chat.demo.ngram.tokenizer import END, Tokenizer, learn


class Language:
    """Trained on the Python language reference. The same Python always trains the same model."""

    def __init__(self, tokenizer: Tokenizer, counts: Counts) -> None:
        self.tokenizer = tokenizer
        self.counts = counts
        self.unigrams = Unigrams(counts, tokenizer.size)

    def next_token(self, context: Sequence[int]) -> Distribution:
        """What may follow these tokens. Only the last few matter; before the first one stands an END."""
        recent = context[-CONTEXT:]
        return after(recent if len(recent) == CONTEXT else [END, *recent], self.counts, self.unigrams)

    def occurrences(self, text: str) -> int:
        """How often the corpus has exactly these tokens."""
        return self.counts.occurrences(self.tokenizer.encode(text))


def train() -> Language:
    texts = list(passages())
    tokenizer = learn(texts)
    tokens = array("H")
    for text in texts:
        tokens.append(END)
        tokens.extend(tokenizer.tokens(text))
    tokens.append(END)
    return Language(tokenizer, Counts(tokens))


def load_or_train(folder: Path) -> Language:
    """From the cache in this folder, or trained now (in about a second) and cached there."""
    file = cache.cache_file(folder)
    if trained := cache.load(file):
        pieces, tokens, positions = trained
        return Language(Tokenizer(pieces), Counts(tokens, positions))
    language = train()
    cache.save(file, (list(language.tokenizer.pieces), language.counts.tokens, language.counts.positions))
    return language

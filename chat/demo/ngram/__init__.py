"""A real, very small language model: an interpolated n-gram model over pieces of words."""

from chat.demo.ngram.language import Language, load_or_train
from chat.demo.ngram.model import NgramModel

__all__ = ["Language", "NgramModel", "load_or_train"]

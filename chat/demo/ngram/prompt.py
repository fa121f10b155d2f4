"""A conversation as the plain text that the n-gram model continues."""

import re
from collections.abc import Sequence

from chat.demo.messages import Message
from chat.demo.ngram.language import Language

WORDS_CONSIDERED = 2000

WORD = re.compile(r"[^\W\d_]{3,}")

# Words that ask, and are not what is asked about.
ASKING = re.compile(
    "about|and|are|can|could|does|explain|for|give|have|help|how|like|make|please|should|show|some|tell|that|"
    "the|them|they|this|use|want|what|when|where|which|who|why|with|work|would|write|you|your"
)


def render(messages: Sequence[Message], language: Language) -> str:
    """The texts in order. An unfinished answer is continued; a question ends with the words to go on from."""
    text = "\n\n".join(message.text for message in messages if message.text)
    last = messages[-1]
    return text if last.role == "assistant" else f"{text}\n\n{topic(last.text, language)}"


def topic(question: str, language: Language) -> str:
    """The most telling word of the question that the model has read, and the word before it if known.

    Empty when it knows none of them. A word tells more the rarer and the longer it is.
    """
    words = WORD.findall(question.lower())[-WORDS_CONSIDERED:]
    scores = {at: score for at, word in enumerate(words) if (score := telling(word, language))}
    if not scores:
        return ""
    best = max(scores, key=lambda at: scores[at])
    pair = f" {words[best - 1]} {words[best]}" if best else ""
    return pair if pair and language.occurrences(pair) else f" {words[best]}"


def telling(word: str, language: Language) -> float:
    """Zero for a word that the model has not read, or that only asks."""
    times = 0 if ASKING.fullmatch(word) else language.occurrences(f" {word}")
    return len(word) ** 2 / times if times else 0

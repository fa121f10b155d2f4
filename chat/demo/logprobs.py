"""Log probabilities in three forms: OpenAI's chat, Together's chat, and text completions."""

import codecs
from collections.abc import Iterable, Sequence
from typing import Any

from chat.demo.delta import Token


def openai_chat(tokens: Iterable[Token]) -> dict[str, Any]:
    content = [
        {
            **entry(token.raw, token.logprob),
            "top_logprobs": [entry(raw, logprob) for raw, logprob in token.top],
        }
        for token in tokens
    ]
    return {"content": content, "refusal": None}


def entry(raw: bytes, logprob: float | None) -> dict[str, Any]:
    return {"token": readable(raw), "logprob": logprob, "bytes": list(raw)}


def together(tokens: Sequence[Token]) -> dict[str, Any]:
    return {
        "tokens": [token.text for token in tokens],
        "token_logprobs": [token.logprob for token in tokens],
        "token_ids": [token.id for token in tokens],
        "top_logprobs": [by_text(token) for token in tokens],
    }


def text_completion(tokens: Sequence[Token], offset: int) -> dict[str, Any]:
    """`offset` is where the first token begins in the text of the whole answer, in characters."""
    return {
        "tokens": [readable(token.raw) for token in tokens],
        "token_logprobs": [token.logprob for token in tokens],
        "top_logprobs": [None if token.logprob is None else by_text(token) for token in tokens],
        "text_offset": offsets(tokens, offset),
    }


def by_text(token: Token) -> dict[str, float]:
    return {readable(raw): logprob for raw, logprob in token.top}


def readable(raw: bytes) -> str:
    """The text, or an escape such as `bytes:\\xc3` for a part of a character."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + "".join(f"\\x{byte:02x}" for byte in raw)


def offsets(tokens: Iterable[Token], start: int) -> list[int]:
    """Where each token begins, counted in the characters before it that are complete."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    found = []
    for token in tokens:
        found.append(start)
        start += len(decoder.decode(token.raw))
    return found

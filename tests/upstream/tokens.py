"""Endless text that is the same for the same seed: scripts, emoji, Markdown, odd separators."""

import random
from itertools import islice

PIECES = (
    "The", " quick", " fox", " jumps", " over", " the", " lazy", " dog", ".", ",", "\n\n", "\n- ", "\n1. ",
    " **bold**", " _it_", " `code`", "\n```python\nprint('x < y')\n```\n", " $x^2$",
    " [link](https://example.org)", "\n# Heading\n",
    "\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    " 你好", "，世界", "。", " こんにちは", " мир", " שלום", " مرحبا", " नमस्ते", " สวัสดี",
    " é", " e\u0301", " 👍🏽", " 👩‍👩‍👧‍👦", " 🇳🇴", "\u2028", "\u2029", "\u0085", "\t", "  ",
    " <b>&amp;</b>", " </div>", " \\n", ' "q"',
)  # fmt: skip


def tokens_of(seed: int, count: int) -> list[str]:
    """The first tokens of this seed's text. Each has its number, so that a lost or doubled one shows."""
    chance = random.Random(seed)
    pieces = (f"{chance.choice(PIECES)} {number}" for number in range(count))
    return list(islice(pieces, count))


def text_of(seed: int, count: int) -> str:
    return "".join(tokens_of(seed, count))

"""What the n-gram model reads: the language reference that every Python carries with it."""

import re
from collections.abc import Iterator
from importlib import import_module

PASSAGE_WORDS = 120

HEADING = re.compile(r"(?P<title>[^\n]+)\n[*=\-~^\"]{3,}")
PROSE = re.compile(r"[A-Z*][a-z]+ .*[.:)]", re.DOTALL)
RULES = re.compile(r"[-+|*=~^\s]+")


def passages() -> Iterator[str]:
    """The topics in a fixed order, cut into passages of a few paragraphs: the length of an answer."""
    for _, topic in sorted(topics().items()):
        passage: list[str] = []
        for block in blocks(topic):
            if passage and (block.startswith("## ") or words_in(passage) >= PASSAGE_WORDS):
                yield "\n\n".join(passage)
                passage = []
            passage.append(block)
        if passage:
            yield "\n\n".join(passage)


def topics() -> dict[str, str]:
    """Topic name to text. Raises RuntimeError where a Python was installed without its documentation."""
    try:
        found = import_module("pydoc_data.topics").topics
    except (ImportError, AttributeError) as error:
        raise RuntimeError(
            "The demo model learns from pydoc_data.topics, which this Python lacks."
        ) from error
    return {str(name): str(text) for name, text in found.items()}


def blocks(topic: str) -> Iterator[str]:
    """The paragraphs as Markdown: headings marked, wrapped lines joined, code indented by four, no tables."""
    for block in re.split(r"\n\s*\n", topic):
        block = block.strip("\n")
        if heading := HEADING.fullmatch(block):
            yield f"## {heading['title']}"
        elif not block or block.lstrip().startswith(("+-", "|", "======")) or RULES.fullmatch(block):
            continue
        elif block.startswith(" ") and not PROSE.fullmatch(block.strip()):
            yield "\n".join(f" {line}" for line in block.split("\n"))
        else:
            yield re.sub(r"\s*\n\s*|(?<=\S) {2,}", " ", block.strip())


def words_in(passage: list[str]) -> int:
    return sum(block.count(" ") + 1 for block in passage)

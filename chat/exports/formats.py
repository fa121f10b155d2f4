"""The kinds of file that there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chat.exports import jsonl, markdown, own, page
from chat.exports.selection import Selection


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    label: str
    about: str
    extension: str
    content_type: str
    write: Callable[[Selection], Iterator[str]]


FORMATS = (
    Format(
        "json", "JSON", "Everything: all branches, settings and facts. It can be imported again.", "json",
        "application/json", own.write,
    ),
    Format("markdown", "Markdown", "The shown branch, to read.", "md", "text/markdown", markdown.write),
    Format(
        "jsonl", "JSONL", "The shown branch as OpenAI's messages, a line for each conversation.", "jsonl",
        "application/jsonl", jsonl.write,
    ),
    Format("html", "HTML", "The shown branch as a page that stands alone.", "html", "text/html", page.write),
)  # fmt: skip
BY_NAME = {each.name: each for each in FORMATS}
# Not by one small piece after the other: each takes a trip to a thread.
PIECE = 64 * 1024


def pieces(format: Format, selection: Selection) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in format.write(selection):
        held.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(held).encode("utf-8", "replace")
            held, size = [], 0
    yield "".join(held).encode("utf-8", "replace")

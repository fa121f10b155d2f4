"""Which format a value has, by what stands in it and never by the name of its file. PURE."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from . import chatgpt, claude, jsonl, librechat, open_webui, own, sharegpt
from .pieces import objects, table
from .streaming import check_version
from .talk import Talk, TalkGroup

# Those that tell most of themselves come first.
FORMATS: tuple[ModuleType, ...] = (chatgpt, claude, open_webui, librechat, sharegpt, jsonl)
LABELS = {own.FORMAT: "Playground", **{each.NAME: each.LABEL for each in FORMATS}}
UNDERSTOOD = (
    "Understood are this playground's own JSON, the exports of ChatGPT, Claude, Open WebUI and LibreChat, ShareGPT, "
    "and OpenAI's JSONL with messages."
)

Found = tuple[str, Talk | TalkGroup]


def entries_in(value: Any, own_list: str = "") -> Iterator[Found]:
    """The conversations of one value of a file, each with its format. None if it is something else."""
    if own_list:
        yield from own_entries(value, own_list)
    elif (format := format_of(value)) is not None:
        yield format.NAME, format.read(value)
    elif own.is_own(value):
        check_version(value)
    else:
        # Some wrap the list: {"conversations": [...]}.
        for name in ("conversations", "chats", "data", "items"):
            for each in objects(table(value).get(name)):
                if (format := format_of(each)) is not None:
                    yield format.NAME, format.read(each)


def format_of(value: Any) -> ModuleType | None:
    return next((each for each in FORMATS if each.fits(value)), None)


def own_entries(value: Any, own_list: str) -> Iterator[Found]:
    if not isinstance(value, dict):
        return
    if own_list == "comparisons":
        yield own.FORMAT, own.read_comparison(value)
    else:
        yield own.FORMAT, own.read_conversation(value)

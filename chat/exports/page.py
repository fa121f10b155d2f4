"""A page that stands alone: no script, nothing loaded, and a policy of its own that allows neither."""

from collections.abc import Iterator
from typing import Any

from django.template.loader import get_template

from chat.exports.selection import Selection
from chat.exports.shown import Told, instructions_of, told, turns_of


def write(selection: Selection) -> Iterator[str]:
    """In one document; the name of the first one is its title."""
    title = ""
    for each in told(selection):
        if not title:
            title = each.group or each.title
            yield piece("head", {"title": title})
        if each.pane == 1:
            yield piece("group", {"title": each.group})
        yield from conversation_text(each)
    if not title:
        yield piece("head", {"title": "Nothing"})
    yield piece("foot", {})


def conversation_text(each: Told) -> Iterator[str]:
    yield piece("conversation", {"told": each, "instructions": instructions_of(each.conversation)})
    for turn in turns_of(each.conversation):
        yield piece("turn", {"turn": turn})
    yield "</section>\n"


def piece(name: str, context: dict[str, Any]) -> str:
    return str(get_template(f"exports/_{name}.html").render(context))

"""Our own JSON: everything, to be read back. docs/export.md describes it, docs/export.schema.json checks it.

It is written piece by piece: of a long conversation only a few messages are in memory, of many conversations one.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from chat.exports.calls import facts_of
from chat.exports.selection import Group, Selection
from chat.exports.tree import Node, Numbered, numbered
from chat.exports.values import arranged, dumped, filled, moment
from chat.models import Comparison, Conversation, Message, PromptVersion, Status
from chat.models.sent import settings_of_calls

FORMAT = "playground"
VERSION = 1
# Some hold images.
MESSAGES_AT_ONCE = 25


def write(selection: Selection) -> Iterator[str]:
    yield f'{{"format": {dumped(FORMAT)}, "version": {VERSION},\n"conversations": ['
    yield from listed(conversation_text(chat) for chat in selection.chats())
    yield '],\n"comparisons": ['
    yield from listed(comparison_text(group) for group in selection.groups())
    yield "]}\n"


def listed(texts: Iterable[Iterator[str]]) -> Iterator[str]:
    between = "\n"
    for text in texts:
        yield between
        yield from text
        between = ",\n"
    yield "" if between == "\n" else "\n"


def comparison_text(group: Group) -> Iterator[str]:
    head = dumped({"title": group.comparison.title, **about(group.comparison)})
    yield f'{head[:-1]}, "panes": ['
    between = "\n"
    for pane, is_listed in group.panes:
        linked = {link: getattr(pane, link) for link in pane.LINKS} | filled({"listed": is_listed})
        yield f'{between}{dumped(linked)[:-1]}, "conversation":\n'
        yield from conversation_text(pane.conversation)
        yield "}"
        between = ",\n"
    yield "\n]}" if group.panes else "]}"


def conversation_text(conversation: Conversation) -> Iterator[str]:
    tree = tree_of(conversation)
    head = dumped(head_of(conversation, tree))
    yield f'{head[:-1]}, "messages": ['
    between = "\n"
    for message in messages_of(tree):
        yield f"{between}{message}"
        between = ",\n"
    yield "\n]}" if tree.numbers else "]}"


def head_of(conversation: Conversation, tree: Numbered) -> dict[str, Any]:
    """All of it but the messages."""
    version = conversation.prompt_version
    more = {
        "system_prompt": arranged(conversation.system_prompt),
        "prompt": prompt_of(version) if version else None,
        "variables": arranged(conversation.variables),
        "provider": arranged(conversation.provider.name) if conversation.provider else "",
        "model": arranged(conversation.model),
        # A schema is followed in the order of its keys.
        "settings": arranged(conversation.settings, sort=False),
        "budget": arranged(conversation.budget),
        "tip": tree.numbers[tree.tip] if tree.tip else None,
    }
    return {"title": arranged(conversation.title), **about(conversation), **filled(more)}


def about(entry: Conversation | Comparison) -> dict[str, Any]:
    """What the history knows of it."""
    known = {
        "notes": arranged(entry.notes),
        "folder": arranged(entry.folder.name) if entry.folder else "",
        "tags": sorted(arranged(tag.name) for tag in entry.tags.all()),
        "pinned": entry.pinned,
        "archived": entry.archived,
        "created_at": moment(entry.created_at),
        "active_at": moment(entry.active_at),
    }
    return filled(known)


def prompt_of(version: PromptVersion) -> dict[str, Any]:
    """What the placeholders in the system prompt mean."""
    found: dict[str, Any] = {
        "name": version.prompt.name,
        "text": version.text,
        "variables": version.variables,
    }
    return {name: arranged(value) for name, value in found.items()}


# Messages


def tree_of(conversation: Conversation) -> Numbered:
    """What was deleted is left out, and what is still being written: nobody knows yet what it will say."""
    rows = conversation.messages.order_by("pk").values_list(
        "pk", "parent", "role", "continues", "deleted_at", "generation__status"
    )
    nodes = (
        Node(id, parent, role, continues, deleted_at is not None or status == Status.RUNNING)
        for id, parent, role, continues, deleted_at, status in rows.iterator()
    )
    return numbered(nodes, conversation.tip_id)


def messages_of(tree: Numbered) -> Iterator[str]:
    ids = list(tree.numbers)
    for start in range(0, len(ids), MESSAGES_AT_ONCE):
        yield from some_messages(ids[start : start + MESSAGES_AT_ONCE], tree)


def some_messages(ids: list[UUID], tree: Numbered) -> Iterator[str]:
    rows = Message.objects.select_related("generation", "copy_of", "copy_of__generation")
    found = rows.defer(
        "generation__request", "copy_of__generation__request", "copy_of__parts", "copy_of__logprobs",
        "copy_of__reasoning", "copy_of__tool_calls", "copy_of__original",
    ).in_bulk(ids)  # fmt: skip
    sent = settings_of_calls({message.call.pk for message in found.values() if message.call})
    for id in ids:
        # One that went for good meanwhile cannot be left out any more: what follows has its number already.
        message = found.get(id) or Message(pk=id, role="user")
        above = tree.parents[id]
        place = {"number": tree.numbers[id], "parent": tree.numbers[above] if above else None}
        written = said(message, continues=id in tree.continuing)
        yield dumped(filled({**place, **written, "facts": facts_of(message, sent)}))


def said(message: Message, *, continues: bool) -> dict[str, Any]:
    return {
        "role": message.role,
        "parts": arranged(message.parts),
        "reasoning": arranged(message.reasoning),
        "tool_calls": arranged(message.tool_calls),
        "tool_call_id": arranged(message.tool_call_id),
        "finish_reason": arranged(message.finish_reason),
        "continues": continues,
        "muted": message.muted,
        "starred": message.starred,
        "original": arranged(message.original),
        "logprobs": arranged(message.logprobs),
        "created_at": moment(message.created_at),
    }

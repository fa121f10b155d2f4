"""Our own JSON: everything, to be read back. docs/export.md describes it, docs/export.schema.json checks it.

It is written piece by piece: of a long conversation only a few messages are in memory, of many conversations one.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
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
MESSAGES_AT_ONCE = 40
# What is asked of the message that one was copied from.
CALLS = Message.objects.select_related("generation").only("generation").defer("generation__request")


def write(selection: Selection) -> Iterator[str]:
    yield f'{{"format": {dumped(FORMAT)}, "version": {VERSION},\n"conversations": ['
    yield from listed(chain.from_iterable(texts_of(page) for page in selection.chats()))
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
    texts = texts_of([pane.conversation for pane, _ in group.panes])
    for (pane, is_listed), text in zip(group.panes, texts, strict=True):
        linked = {link: getattr(pane, link) for link in pane.LINKS} | filled({"listed": is_listed})
        yield f'{between}{dumped(linked)[:-1]}, "conversation":\n'
        yield from text
        yield "}"
        between = ",\n"
    yield "\n]}" if group.panes else "]}"


def texts_of(conversations: Sequence[Conversation]) -> Iterator[Iterator[str]]:
    """To be read one after the other: their messages are asked for together."""
    trees = trees_of(conversations)
    messages = messages_of([trees[each.pk] for each in conversations])
    for each in conversations:
        yield conversation_text(each, trees[each.pk], messages)


def conversation_text(conversation: Conversation, tree: Numbered, messages: Iterator[str]) -> Iterator[str]:
    """Takes its own of the messages."""
    head = dumped(head_of(conversation, tree))
    yield f'{head[:-1]}, "messages": ['
    between = "\n"
    for message in islice(messages, len(tree.numbers)):
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


def trees_of(conversations: Sequence[Conversation]) -> dict[UUID, Numbered]:
    """What was deleted is left out, and what is still being written: nobody knows yet what it will say."""
    nodes: dict[UUID, list[Node]] = {each.pk: [] for each in conversations}
    rows = Message.objects.filter(conversation__in=nodes).order_by("pk")
    for of, id, parent, role, continues, deleted_at, *statuses in rows.values_list(
        "conversation", "pk", "parent", "role", "continues", "deleted_at", "generation__status",
        "copy_of__generation__status",
    ).iterator():  # fmt: skip
        status = next(filter(None, statuses), None)
        left_out = deleted_at is not None or status == Status.RUNNING
        nodes[of].append(Node(id, parent, role, continues, left_out))
    return {each.pk: numbered(nodes.pop(each.pk), each.tip_id) for each in conversations}


def messages_of(trees: Iterable[Numbered]) -> Iterator[str]:
    places = iter([(id, tree) for tree in trees for id in tree.numbers])
    while some := list(islice(places, MESSAGES_AT_ONCE)):
        yield from some_messages(some)


def some_messages(places: list[tuple[UUID, Numbered]]) -> Iterator[str]:
    rows = Message.objects.select_related("generation").defer("generation__request")
    found = rows.in_bulk([id for id, _ in places])
    # Few are copies, and two joins for all would cost more than one query for them.
    copied = CALLS.in_bulk(
        {row.copy_of_id for row in found.values() if row.copy_of_id and not row.generation_id}
    )
    for row in found.values():
        if row.copy_of_id:
            row.copy_of = copied.get(row.copy_of_id)
    sent = settings_of_calls({row.call.pk for row in found.values() if row.call})
    for id, tree in places:
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

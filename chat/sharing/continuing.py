"""Continue from here: a copy in the reader's own history, made from the snapshot and nothing else. What is not shown
is not copied, and what is asked from then on goes to the reader's own provider."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from chat import access
from chat.comparisons.panes import compare
from chat.models import FEWEST_PANES, Conversation, LanguageModel, Message, Role
from chat.models.identifiers import new_id

from .code import call_as_sent
from .reading import path_to

Node = Mapping[str, Any]


@transaction.atomic
def continue_from(snapshot: Mapping[str, Any], reader: User) -> Conversation:
    """The new conversation, or the first pane of a new comparison."""
    panes = snapshot["panes"]
    conversations = [conversation_of(snapshot["title"], pane, reader) for pane in panes]
    # A comparison of which one pane is left to show is a conversation.
    if len(panes) < FEWEST_PANES:
        conversations[0].save()
    else:
        compare(reader, conversations, snapshot["title"])
    for conversation, pane in zip(conversations, panes, strict=True):
        copy_messages(pane, conversation)
    return conversations[0]


def conversation_of(title: str, pane: Mapping[str, Any], reader: User) -> Conversation:
    model = model_like(pane, reader)
    return Conversation(
        owner=reader,
        title=title,
        system_prompt=pane.get("system_prompt", ""),
        settings=deepcopy(pane.get("settings", {})),
        provider=model.provider if model else None,
        model=model.name if model else "",
    )


def model_like(pane: Mapping[str, Any], reader: User) -> LanguageModel | None:
    """The reader's own model of the same name, of the provider of the same name if there is one."""
    if not pane.get("model"):
        return None
    rows = access.language_models(reader).filter(name=pane["model"])
    return min(rows, key=lambda row: row.provider.name != pane.get("provider"), default=None)


def missing_models(snapshot: Mapping[str, Any], reader: User) -> list[str]:
    """Those that the reader has to choose another one for."""
    return [pane["model"] for pane in snapshot["panes"] if pane.get("model") and not model_like(pane, reader)]


def copy_messages(pane: Mapping[str, Any], conversation: Conversation) -> None:
    """Parents first, and the alternatives of a message in their order: ids are ordered by time."""
    nodes: Sequence[Node] = pane["messages"]
    ids = [new_id() for _ in nodes]
    rows = [row_of(nodes[number], ids[number], conversation) for number in range(len(nodes))]
    for row, node in zip(rows, nodes, strict=True):
        row.parent_id = None if node["parent"] is None else ids[node["parent"]]
    Message.objects.bulk_create([rows[number] for number in parents_first(nodes)])
    conversation.show(rows[path_to(pane, pane["shown"])[-1]])


def parents_first(nodes: Sequence[Node]) -> Iterator[int]:
    """A child may be older than its parent."""
    done: set[int] = set()
    for number in range(len(nodes)):
        line: list[int] = []
        at: int | None = number
        while at is not None and at not in done:
            done.add(at)
            line.append(at)
            at = nodes[at]["parent"]
        yield from reversed(line)


def row_of(node: Node, id: UUID, conversation: Conversation) -> Message:
    told = {"model": node["model"]} if node.get("model") else None
    return Message(
        id=id,
        conversation=conversation,
        role=Role(node["role"]),
        parts=list(parts_of(node["parts"])),
        reasoning=node.get("reasoning", ""),
        tool_calls=[call_as_sent(call) for call in node.get("tool_calls", [])],
        tool_call_id=node.get("tool_call_id", ""),
        muted=node.get("muted", False),
        continues=node.get("continues", False),
        imported_facts=told,
    )


def parts_of(parts: Sequence[Node]) -> Iterator[dict[str, Any]]:
    for part in parts:
        match part:
            case {"type": "text", "text": text}:
                yield {"type": "text", "text": text}
            case {"type": "image" | "link", "url": url}:
                yield {"type": "image_url", "image_url": {"url": url}}
            case {"type": "refusal", "refusal": words}:
                yield {"type": "refusal", "refusal": words}

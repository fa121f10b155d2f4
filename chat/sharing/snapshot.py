"""The copy that a link shows, made by listing what goes in. No row is copied whole, and nothing is taken out again.

    {"version": 1, "kind": "conversation", "title": "…", "author": "…", "taken_at": "…", "left_out": ["…"], "panes": [
        {"model": "…", "system_prompt": "…", "provider": "…", "dialect": "…", "settings": {…}, "shown": 3,
         "messages": [{"parent": null, "role": "user", "parts": […], "alternatives": [0, 2]}, …]}]}

Messages are called by their number in the list, which is in the order in which they were made. What was not chosen has
no key at all.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chat.completions import guess_dialect
from chat.models import Comparison, Conversation, Generation, Message, Role
from chat.models.branching import SUFFIX
from chat.placeholders import Unfilled
from chat.refusals import Refused
from chat.sampling import BY_NAME, settings_in
from chat.titles import title_from

from .contents import CallNames, contents_of
from .options import Options
from .tree import Shown, shown_of

VERSION = 1
MOST_MESSAGES = 5000
MOST_BYTES = 16 * 1024 * 1024
NAMELESS = "A shared conversation"
NAMELESS_COMPARISON = "A shared comparison"


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot, and the rows that its messages were made from, pane by pane, in the same order."""

    snapshot: dict[str, Any]
    sources: list[list[Message]]
    panes: list[UUID] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        return [message for pane in self.sources for message in pane]


def take(shared: Conversation | Comparison, options: Options, now: datetime) -> Taken:
    """Raises Refused where there is nothing to show, or too much of it."""
    conversations = conversations_of(shared)
    pairs = [(each, shown_of(each, options)) for each in conversations]
    pairs = [(each, shown) for each, shown in pairs if shown.messages]
    count = sum(len(shown.messages) for _, shown in pairs)
    if not count:
        raise Refused("There is nothing to show yet: every message is left out, or still being written.", 422)
    if count > MOST_MESSAGES:
        words = f"That would be a page of {count:,} messages, and {MOST_MESSAGES:,} are the most."
        raise Refused(f"{words} Leave alternatives out, or hide some messages.", 422)
    snapshot: dict[str, Any] = {
        "version": VERSION,
        "kind": "comparison" if shared.is_comparison else "conversation",
        "title": title_of(shared, pairs, options),
        "taken_at": now.isoformat(),
        "left_out": options.left_out,
        "panes": [pane_of(conversation, shown, options) for conversation, shown in pairs],
    }
    if options.author:
        snapshot["author"] = options.author
    refuse_too_long(snapshot)
    return Taken(snapshot, [shown.messages for _, shown in pairs], [each.pk for each, _ in pairs])


def conversations_of(shared: Conversation | Comparison) -> list[Conversation]:
    if isinstance(shared, Comparison):
        return [pane.conversation for pane in shared.shown_panes()]
    return [shared]


def refuse_too_long(snapshot: dict[str, Any]) -> None:
    size = len(json.dumps(snapshot, ensure_ascii=False).encode("utf-8", "replace"))
    if size > MOST_BYTES:
        words = f"That would be a page of {size / 1_048_576:,.0f} MB, and {MOST_BYTES // 1_048_576} MB are the most."
        raise Refused(f"{words} Hide messages with large pictures, or leave alternatives out.", 422)


def title_of(shared: Conversation | Comparison, pairs: list[Any], options: Options) -> str:
    """What the owner typed, or the title, unless that was made from words that are not shown."""
    nameless = NAMELESS_COMPARISON if shared.is_comparison else NAMELESS
    if options.title or not shared.title:
        return options.title or nameless
    return shared.title if title_is_shown(shared, pairs) else nameless


def title_is_shown(shared: Conversation | Comparison, pairs: list[Any]) -> bool:
    """A title that nobody typed is the beginning of what somebody wrote first: it goes where those words go.

    They may be hidden, deleted, edited away, or on another branch. Of a copy they may have stayed where it came from.
    """
    title = shared.title.removesuffix(SUFFIX)
    if any(
        title == title_from(message.text) for _, shown in pairs for message in shown.messages if message.text
    ):
        return True
    if title != shared.title:
        return False
    return not any(_made_from(title, message) for message in _typed_for(shared))


def _typed_for(shared: Conversation | Comparison) -> Iterator[Message]:
    """What people wrote in it, and in what it was copied from."""
    panes = (
        shared.panes.values_list("conversation", flat=True) if isinstance(shared, Comparison) else [shared.pk]
    )
    here = Message.objects.filter(conversation__in=list(panes))
    sources = here.exclude(copy_of=None).values_list("copy_of__conversation", flat=True).distinct()
    # A copy of an answer knows which model wrote that one.
    typed = Message.objects.filter(
        conversation__in={*panes, *sources}, generation=None, copy_of__generation=None
    )
    return typed.only("parts", "original").iterator()


def _made_from(title: str, message: Message) -> bool:
    return title in {title_from(text) for text in (message.text, message.original_text) if text}


def pane_of(conversation: Conversation, shown: Shown, options: Options) -> dict[str, Any]:
    call = shown.last_call()
    pane: dict[str, Any] = {
        "messages": nodes_of(shown, options),
        "shown": shown.number_of_tip,
        "hidden": shown.hidden,
        "others": shown.others,
    }
    if options.models and (model := call.model if call else conversation.model):
        pane["model"] = model
    if options.system_prompt and (text := system_prompt_of(conversation, call)):
        pane["system_prompt"] = text
    if options.settings:
        pane |= settings_of(conversation, call)
    return pane


def nodes_of(shown: Shown, options: Options) -> list[dict[str, Any]]:
    """Each with what it hangs on, and with what else stands in its place."""
    numbers, names = shown.numbers(), CallNames()
    beside: dict[UUID | None, list[int]] = defaultdict(list)
    for message in shown.messages:
        beside[message.parent_id].append(numbers[message.pk])
    nodes = []
    for message in shown.messages:
        parent = shown.parents[message.pk]
        node = {"parent": None if parent is None else numbers[parent], **contents_of(message, options, names)}
        if message.continues and parent is not None:
            node["continues"] = True
        if options.alternatives and len(beside[message.parent_id]) > 1:
            node["alternatives"] = beside[message.parent_id]
        nodes.append(node)
    return nodes


def system_prompt_of(conversation: Conversation, call: Generation | None) -> str:
    """The one that the last answer was given, by its very request; before there is any, that of the conversation."""
    if call and call.request:
        sent = system_in(call.request.get("messages") or [])
        own = conversation.messages.filter(role=Role.SYSTEM).only("parts")
        # A message of this role is not the prompt, and may be a hidden one.
        return "" if sent in {message.text for message in own} else sent
    try:
        return conversation.instructions()
    except Unfilled:
        return conversation.system_prompt


def system_in(messages: list[Any]) -> str:
    first = messages[0] if messages and isinstance(messages[0], dict) else {}
    content = first.get("content") if first.get("role") == Role.SYSTEM else ""
    return content if isinstance(content, str) else ""


def settings_of(conversation: Conversation, call: Generation | None) -> dict[str, Any]:
    """Those of the last request, by the names that we have for them, and how its provider is called."""
    provider = call.provider if call else conversation.provider
    dialect = provider.dialect if provider else guess_dialect(call.url) if call else "openai"
    found = settings_in(call.request, dialect) if call and call.request else conversation.settings
    told: dict[str, Any] = {
        "settings": {name: value for name, value in found.items() if name in BY_NAME},
        "dialect": dialect,
    }
    if name := (call.provider_name if call else "") or (provider.name if provider else ""):
        told["provider"] = name
    return told

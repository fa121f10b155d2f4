"""Linked panes: what is changed in one is changed in the others too. All else stays each pane's own."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy

from django.db import transaction

from chat.models import Conversation, Pane
from chat.models.conversation import CHANGED_BY_THE_PANEL

SYSTEM_PROMPT = ("system_prompt", "prompt_version_id", "variables")


@transaction.atomic
def edit(pane: Pane, panes: Sequence[Pane], change: Callable[[Conversation], None]) -> list[Pane]:
    """Change the conversation of this pane and store it, and with it the linked ones of `panes`. They are returned."""
    pane.comparison.lock()
    conversation = pane.conversation
    # Another tab may have changed what this one does not show.
    conversation.refresh_from_db(fields=CHANGED_BY_THE_PANEL)
    before = (prompt_of(conversation), deepcopy(conversation.settings))
    change(conversation)
    conversation.save(update_fields=CHANGED_BY_THE_PANEL)
    others = [other for other in panes if other.pk != pane.pk]
    changed: set[Pane] = set()
    if prompt_of(conversation) != before[0] and pane.linked_system_prompt:
        changed |= set(share_prompt(conversation, (other for other in others if other.linked_system_prompt)))
    if conversation.settings != before[1] and pane.linked_settings:
        keys = {
            key
            for key in {*before[1], *conversation.settings}
            if differs(key, before[1], conversation.settings)
        }
        changed |= set(
            share_settings(conversation, keys, (other for other in others if other.linked_settings))
        )
    return [other for other in others if other in changed]


def prompt_of(conversation: Conversation) -> tuple[object, ...]:
    return tuple(deepcopy(getattr(conversation, name)) for name in SYSTEM_PROMPT)


def differs(key: str, before: dict[str, object], after: dict[str, object]) -> bool:
    return (key in before, before.get(key)) != (key in after, after.get(key))


def share_prompt(source: Conversation, panes: Iterable[Pane]) -> Iterable[Pane]:
    for pane in panes:
        for name, value in zip(SYSTEM_PROMPT, prompt_of(source), strict=True):
            setattr(pane.conversation, name, value)
        pane.conversation.save(update_fields=["system_prompt", "prompt_version", "variables"])
        yield pane


def share_settings(source: Conversation, keys: set[str], panes: Iterable[Pane]) -> Iterable[Pane]:
    for pane in panes:
        # Another tab may have changed another key since the pane was read.
        pane.conversation.refresh_from_db(fields=["settings"])
        kept = {key: value for key, value in pane.conversation.settings.items() if key not in keys}
        shared = {key: value for key, value in source.settings.items() if key in keys}
        pane.conversation.settings = {**kept, **shared}
        pane.conversation.save(update_fields=["settings"])
        yield pane

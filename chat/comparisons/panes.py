"""Comparisons: made, and their panes added, moved and taken out again."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from chat.models import FEWEST_PANES, MOST_PANES, Comparison, Conversation, Pane
from chat.models.copying import copy_settings, copy_words
from chat.refusals import Refused

TOO_MANY = f"A comparison has at most {MOST_PANES} panes. Remove one first."
TOO_FEW = f"A comparison has at least {FEWEST_PANES} panes. Add another one first, or open one as a chat."


@transaction.atomic
def compare(owner: User, conversations: Sequence[Conversation], title: str = "") -> Comparison:
    """A comparison of these, in this order. Those that are not stored yet are stored as its own. Raises Refused."""
    if len(conversations) < FEWEST_PANES:
        raise Refused(TOO_FEW, status=422)
    if len(conversations) > MOST_PANES:
        raise Refused(
            f"That would be {len(conversations)} panes, and a comparison has at most {MOST_PANES}.",
            status=422,
        )
    comparison = Comparison.objects.create(owner=owner, title=title)
    for position, conversation in enumerate(conversations):
        _hold(comparison, conversation, position)
    return comparison


@transaction.atomic
def compare_chat(chat: Conversation) -> Comparison:
    """The first pane goes on with this chat, which stays where it is; the second is a copy of what it shows."""
    comparison = compare(chat.owner, [chat, copy_settings(chat)], chat.title)
    _, second = comparison.shown_panes()
    copy_words(chat.tip_id, second.conversation)
    return comparison


@transaction.atomic
def add_pane(comparison: Comparison, conversation: Conversation, after: Pane | None = None) -> Pane:
    """At the end, or after this one. Raises Refused where there are as many as there may be."""
    panes = held(comparison)
    if len(panes) >= MOST_PANES:
        raise Refused(TOO_MANY, status=409)
    place = panes.index(after) + 1 if after in panes else len(panes)
    pane = _hold(comparison, conversation, place)
    _place([*panes[:place], pane, *panes[place:]])
    comparison.rearrange()
    return pane


def add_empty_pane(comparison: Comparison) -> Pane:
    """With the settings of the last one, and nothing said in it."""
    panes = comparison.shown_panes()
    last = panes[-1].conversation if panes else Conversation(owner=comparison.owner)
    return add_pane(comparison, copy_settings(last))


@transaction.atomic
def copy_pane(pane: Pane) -> Pane:
    """The same settings and words once more, beside it."""
    copy = add_pane(pane.comparison, copy_settings(pane.conversation), after=pane)
    copy_words(pane.conversation.tip_id, copy.conversation)
    copy.link_like(pane)
    return copy


@transaction.atomic
def remove_pane(pane: Pane) -> None:
    """Raises Refused where too few would be left."""
    panes = held(pane.comparison)
    if pane not in panes:
        return
    if len(panes) <= FEWEST_PANES:
        raise Refused(TOO_FEW, status=409)
    pane.remove()
    pane.comparison.rearrange()


@transaction.atomic
def bring_back_pane(pane: Pane) -> None:
    """Raises Refused where its place was taken meanwhile."""
    panes = held(pane.comparison)
    if pane in panes:
        return
    if len(panes) >= MOST_PANES:
        raise Refused(TOO_MANY, status=409)
    pane.restore()
    _place(pane.comparison.shown_panes())
    pane.comparison.rearrange()


@transaction.atomic
def move_pane(pane: Pane, place: int) -> None:
    """To this place among those that are shown, from 0; beyond the end is the end."""
    panes = held(pane.comparison)
    if pane not in panes:
        return
    # As it stands now: another tab may have moved it since it was read.
    moved = panes.pop(panes.index(pane))
    panes.insert(place, moved)
    _place(panes)
    pane.comparison.rearrange()


def numbered(comparison: Comparison) -> list[Pane]:
    """The panes that are shown, each with its number."""
    panes = comparison.shown_panes()
    for number, pane in enumerate(panes, start=1):
        pane.number = number
    return panes


def held(comparison: Comparison) -> list[Pane]:
    """The same as they are now, until the end of the transaction. Two that change them at once see one another."""
    comparison.lock()
    return numbered(comparison)


def _hold(comparison: Comparison, conversation: Conversation, position: int) -> Pane:
    if not conversation.stored:
        conversation.listed = False
        conversation.save()
    return Pane.objects.create(comparison=comparison, conversation=conversation, position=position)


def _place(panes: Iterable[Pane]) -> None:
    for position, pane in enumerate(panes):
        if pane.position != position:
            Pane.objects.filter(pk=pane.pk).update(position=position)

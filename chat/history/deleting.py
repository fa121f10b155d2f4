"""Many entries deleted at once, with what goes along."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from chat.models import Comparison, Generation, HistoryAct, Pane

from .changing import Before
from .choosing import KINDS, Chosen, parts_of


def delete(chosen: Chosen, row: HistoryAct) -> tuple[Before, list[UUID]]:
    """As one by one (`delete_for_now`), in few statements. What was deleted by this act has its moment.

    Comparisons come before what stands in them, as in `Comparison.lock`.
    """
    rearranged = {*chosen.comparison, *rearrange_with(chosen.conversation)}
    before: Before = []
    for kind, ids in chosen.parts():
        before.append((kind, None, ids))
        if kind == "comparison":
            before.append(("pane", None, only_in(ids, chosen.comparison)))
    for kind, _, ids in before:
        for part in parts_of(ids):
            KINDS[kind].objects.filter(pk__in=part, deleted_at=None).update(deleted_at=row.created_at)
            if kind != "comparison":
                running = Generation.objects.filter(conversation__in=part).running()
                running.update(stop_requested=True)
    return before, sorted(rearranged)


def only_in(comparisons: Sequence[UUID], going: Sequence[UUID]) -> list[UUID]:
    """The conversations that were made for these comparisons, and that none of the others shows."""
    shown = Pane.objects.filter(removed_at=None, comparison__deleted_at=None)
    theirs = shown.filter(
        comparison__in=comparisons, conversation__listed=False, conversation__deleted_at=None
    )
    found = set(theirs.values_list("conversation", flat=True))
    going_too = set(going)
    for part in parts_of(sorted(found)):
        elsewhere = shown.filter(conversation__in=part).values_list("conversation", "comparison")
        found -= {conversation for conversation, comparison in elsewhere if comparison not in going_too}
    return sorted(found)


def rearrange_with(conversations: Sequence[UUID]) -> list[UUID]:
    """The comparisons that show one of these have one pane less, or one more."""
    found: set[UUID] = set()
    for part in parts_of(conversations):
        shown = Pane.objects.filter(conversation__in=part, removed_at=None, comparison__deleted_at=None)
        found |= set(shown.values_list("comparison", flat=True))
    for part in parts_of(sorted(found)):
        Comparison.objects.filter(pk__in=part).update(version=F("version") + 1)
    return sorted(found)

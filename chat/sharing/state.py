"""Whether what was shared is still as it was: a few figures that every change moves, so that a list of links can tell.

What they say may have changed, and changed back. The dialog knows exactly: it takes the snapshot anew."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from chat.models import Comparison, Conversation, Message, Pane, Share

Figures = dict[UUID, tuple[int, int]]


def state_of(share: Share, messages: Iterable[Message]) -> str:
    return _state(share, _conversations([share]).get(share.pk, []), sum(each.revision for each in messages))


def _state(share: Share, conversations: Sequence[Conversation], revisions: int) -> str:
    of: Comparison | Conversation | None = share.comparison or share.conversation
    told = [of.title if of else "", str(revisions)]
    told += [f"{each.pk} {each.version} {each.tip_id}" for each in conversations]
    return sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:16]


def _conversations(shares: Iterable[Share]) -> dict[UUID, list[Conversation]]:
    """Those that each link shows, in their order."""
    found: dict[UUID, list[Conversation]] = {}
    of_comparison: dict[UUID, list[Conversation]] = {}
    shares = list(shares)
    ids = {share.comparison_id for share in shares if share.comparison_id}
    panes = Pane.objects.shown().filter(comparison__in=ids, conversation__deleted_at=None)
    for pane in panes.select_related("conversation") if ids else ():
        of_comparison.setdefault(pane.comparison_id, []).append(pane.conversation)
    for share in shares:
        if share.comparison_id:
            found[share.pk] = of_comparison.get(share.comparison_id, [])
        elif share.conversation:
            found[share.pk] = [share.conversation]
    return found


def changed_and_broken(shares: Sequence[Share]) -> tuple[set[UUID], set[UUID]]:
    """Of these links: where something has changed since, and where something that they show is gone."""
    conversations, figures = _conversations(shares), _figures(shares)
    changed, broken = set(), set()
    for share in shares:
        of: Comparison | Conversation | None = share.comparison or share.conversation
        whole, revisions = figures.get(share.pk, (0, 0))
        if of is None or of.deleted_at or whole != share.messages_shown:
            broken.add(share.pk)
        elif _state(share, conversations.get(share.pk, []), revisions) != share.options.get("state"):
            changed.add(share.pk)
    return changed, broken


def _figures(shares: Sequence[Share]) -> Figures:
    """How many of its messages are still there, and how often they were edited."""
    there = Q(message__deleted_at=None, message__conversation__deleted_at=None)
    found: Figures = {}
    for comparisons in (False, True):
        rows = Share.messages.through.objects.filter(
            share__in=[each.pk for each in shares], share__comparison__isnull=not comparisons
        )
        if comparisons:
            rows = rows.filter(
                message__conversation__panes__comparison=F("share__comparison"),
                message__conversation__panes__removed_at=None,
            )
        figures = (
            rows.filter(there).values("share").annotate(whole=Count("pk"), edits=Sum("message__revision"))
        )
        found |= {row["share"]: (row["whole"], row["edits"] or 0) for row in figures}
    return found

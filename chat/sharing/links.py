"""The life of a link: made, read, renewed, ended. The token is never stored, only its SHA-256."""

import logging
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from chat.models import Comparison, Conversation, Message, Share

from .options import Options
from .snapshot import Taken, take
from .state import state_of

# 256 random bits, in 43 letters.
TOKEN_BYTES = 32
LONGEST_TOKEN = 100
PUBLISHED = ("options", "snapshot", "messages_shown", "updated_at", "expires_at")
log = logging.getLogger("chat.sharing")


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def create(
    owner: User, id: UUID, shared: Conversation | Comparison, options: Options, expires_at: datetime | None
) -> tuple[Share, str]:
    """With the token, which nobody can tell again. Raises Refused where there is nothing to show."""
    token = token_urlsafe(TOKEN_BYTES)
    share = Share(id=id, owner=owner, token_hash=hash_of(token))
    if isinstance(shared, Comparison):
        share.comparison = shared
    else:
        share.conversation = shared
    publish(share, take(shared, options, timezone.now()), options, expires_at)
    return share, token


@transaction.atomic
def publish(share: Share, taken: Taken, options: Options, expires_at: datetime | None) -> None:
    """What the link shows from now on. The messages say what it lives by."""
    named = Message.objects.filter(pk__in=options.hidden | options.unmuted)
    own = named.filter(conversation__owner_id=share.owner_id).values_list("pk", flat=True)
    share.options = {**options.only(own).stored(), "state": state_of(share, taken.messages)}
    share.snapshot = taken.snapshot
    share.messages_shown = len(taken.messages)
    share.updated_at = timezone.now()
    share.expires_at = expires_at
    # What another tab did meanwhile stays done: a link that was revoked, or that has another token.
    share.save(update_fields=None if share._state.adding else PUBLISHED)
    share.messages.set(taken.messages)


def renew_token(share: Share) -> str:
    """Another link to the same page. The one before is dead at once."""
    token = token_urlsafe(TOKEN_BYTES)
    share.token_hash = hash_of(token)
    share.save(update_fields=["token_hash"])
    return token


def found_by(token: str) -> Share | None:
    """The link, while it lives: whatever else may be the matter with it, it looks like one that never was."""
    now = timezone.now()
    rows = Share.objects.filter(token_hash=hash_of(token[:LONGEST_TOKEN]), revoked_at=None)
    rows = rows.filter(Q(expires_at=None) | Q(expires_at__gt=now), owner__is_active=True)
    there = Q(conversation__deleted_at=None, comparison=None)
    there |= Q(comparison__deleted_at=None, conversation=None)
    share = rows.filter(there).first()
    return share if share and is_whole(share) else None


def is_whole(share: Share) -> bool:
    """Whether all that it was made from is still there: each message, and the pane in which it stands."""
    there: dict[str, Any] = {"deleted_at": None, "conversation__deleted_at": None}
    if share.comparison_id:
        there["conversation__panes__comparison"] = share.comparison_id
        there["conversation__panes__removed_at"] = None
    return share.messages.filter(**there).count() == share.messages_shown


def count_view(share: Share) -> None:
    """Without a cookie, so that one reader counts as often as they look. The page is there even if this fails."""
    try:
        with transaction.atomic():
            Share.objects.filter(pk=share.pk).update(views=F("views") + 1, last_viewed_at=timezone.now())
    except DatabaseError:
        log.warning("A look at a shared page was not counted", exc_info=True)

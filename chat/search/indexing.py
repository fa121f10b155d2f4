"""What was noted becomes documents, before a search for its own user, and by the housekeeping for all."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Q

from chat.models import Comparison, Conversation, Document, Facet, Message, Noted, Role, Status

from . import lexemes
from .documents import Found, of_comparison, of_conversation, of_message

logger = logging.getLogger(__name__)

# So many a search indexes before it looks; the rest is found when the housekeeping has come so far.
BEFORE_A_SEARCH = 100
IN_ONE_TRANSACTION = 50
ROWS_IN_MEMORY = 20
# Other locks of the database have other first numbers.
LOCK = 0x5EA5C4

# PostgreSQL keeps no more places of a lexeme in one document.
MOST_PLACES = 255

KINDS = {"conversation": "conversation_id", "comparison": "comparison_id", "message": "message_id"}
NOT_INDEXED = ("reasoning", "logprobs", "original", "generation__request", "copy_of__generation__request",
               "copy_of__parts", "copy_of__logprobs", "copy_of__reasoning", "copy_of__tool_calls",
               "copy_of__original", "generation__timings", "conversation__system_prompt",
               "conversation__settings", "conversation__variables", "conversation__notes")  # fmt: skip


def is_behind(user: User) -> bool:
    return Noted.objects.filter(owner_id=user.pk).exists()


def catch_up(user: User, most: int = BEFORE_A_SEARCH) -> int:
    """Index what is noted of this user, up to so much. How much it was."""
    return _index(user.pk, most) if is_behind(user) else 0


def catch_up_all() -> int:
    """One transaction's worth for each user of whom something is noted."""
    owners = list(Noted.objects.order_by().values_list("owner", flat=True).distinct())
    return sum(_index(owner, IN_ONE_TRANSACTION) for owner in owners)


def _index(owner: int, most: int) -> int:
    try:
        return _index_together(owner, most)
    except OperationalError:
        # Somebody else writes, or holds what this wants: it stays noted, and a search finds what was there before.
        logger.warning("Could not index what was noted of user %s now", owner, exc_info=True)
        return 0
    except (DataError, IntegrityError, TypeError, ValueError):
        # The database or this code cannot take what one of them holds: that must not keep the others from being found.
        logger.exception("Could not index all that was noted of user %s; it goes on one by one", owner)
        return _index_apart(owner, most)


@transaction.atomic
def _index_together(owner: int, most: int, only: int | None = None) -> int:
    if not _alone(owner):
        return 0
    rows = Noted.objects.filter(owner_id=owner).order_by("-id")
    noted = list(rows.filter(pk=only) if only else rows[:most])
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for note in noted:
        wanted[note.kind].add(note.target)
    forget(wanted)
    _store(owner, _documents(owner, wanted))
    Noted.objects.filter(pk__in=[note.pk for note in noted]).delete()
    return len(noted)


def _index_apart(owner: int, most: int) -> int:
    notes = list(Noted.objects.filter(owner_id=owner).order_by("-id")[:most])
    for note in notes:
        try:
            _index_together(owner, 1, note.pk)
        except (DataError, IntegrityError, TypeError, ValueError):
            logger.exception("Could not index %s", note)
            Noted.objects.filter(pk=note.pk).delete()
    return len(notes)


def _alone(owner: int) -> bool:
    """Nobody else indexes for this user until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, owner])
        return bool(cursor.fetchone()[0])


def forget(wanted: dict[str, set[UUID]]) -> None:
    """What stood of them before. Their words go with them, by a trigger."""
    for kind, column in KINDS.items():
        if ids := wanted.get(kind):
            rows = Document.objects.filter(**{f"{column}__in": ids})
            (rows if kind == "message" else rows.filter(message=None)).delete()


def _documents(owner: int, wanted: dict[str, set[UUID]]) -> Iterator[Found]:
    for conversation in Conversation.objects.filter(owner_id=owner, pk__in=wanted["conversation"]):
        yield from of_conversation(conversation)
    for comparison in Comparison.objects.filter(owner_id=owner, pk__in=wanted["comparison"]):
        yield from of_comparison(comparison)
    messages = Message.objects.filter(
        conversation__owner_id=owner, pk__in=wanted["message"], deleted_at=None
    ).exclude(Q(generation__status=Status.RUNNING))
    rows = messages.select_related("conversation", "generation", "copy_of__generation").defer(*NOT_INDEXED)
    # One may hold images, so they do not all come at once.
    for message in rows.iterator(chunk_size=ROWS_IN_MEMORY):
        yield from of_message(message)


def _store(owner: int, documents: Iterable[Found]) -> None:
    found = list(documents)
    ids = _free_ids(found)
    facets = _facets(owner, {facet for each in found for facet in each.facets})
    Document.objects.bulk_create(
        Document(
            id=id, owner_id=owner, conversation_id=each.conversation, comparison_id=each.comparison,
            message_id=each.message, kind=each.kind, role=each.role, passage=each.passage, text=each.text,
            model=each.model, cost=each.cost, tokens=each.tokens,
        )
        for id, each in zip(ids, found, strict=True)
    )  # fmt: skip
    texts = [lexemes.text_of(owner, each.text, _known(owner, each, facets)) for each in found]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO chat_words (id, owner_id, words) VALUES (%s, %s, %s::tsvector) "
                "ON CONFLICT (id) DO UPDATE SET owner_id = EXCLUDED.owner_id, words = EXCLUDED.words",
                [(id, owner, _vector(text)) for id, text in zip(ids, texts, strict=True)],
            )
        else:
            cursor.executemany(
                "INSERT INTO chat_words (rowid, words) VALUES (%s, %s)", list(zip(ids, texts, strict=True))
            )


def _free_ids(found: list[Found]) -> list[int]:
    """Each its first one, or the next that nobody has."""
    first = [each.first_id for each in found]
    taken = set(Document.objects.filter(pk__in=first).values_list("pk", flat=True))
    ids = []
    for id in first:
        while id in taken or (id not in first and Document.objects.filter(pk=id).exists()):
            id += 1
        taken.add(id)
        ids.append(id)
    return ids


def _facets(owner: int, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of these, made where they are new."""
    if not wanted:
        return {}

    def known() -> dict[tuple[str, str], int]:
        rows = Facet.objects.filter(owner_id=owner, value__in={value for _, value in wanted})
        return {(row.kind, row.value): row.pk for row in rows}

    there = known()
    if new := wanted - set(there):
        rows = [Facet(owner_id=owner, kind=kind, value=value) for kind, value in sorted(new)]
        Facet.objects.bulk_create(rows, ignore_conflicts=True)
        there = known()
    return there


def _known(owner: int, each: Found, facets: dict[tuple[str, str], int]) -> list[str]:
    source = each.conversation or each.comparison
    assert source
    told = [
        lexemes.everything(owner),
        lexemes.entry(owner, source),
        lexemes.known(owner, "k", each.kind.value),
    ]
    told += [lexemes.known(owner, "f", facets[facet]) for facet in each.facets if facet in facets]
    told += [lexemes.known(owner, "h", name) for name in each.has]
    if each.role in Role.values:
        told.append(lexemes.known(owner, "r", each.role))
    if each.cost is not None:
        told.append(lexemes.known(owner, "c", lexemes.size_of(each.cost, lexemes.NANO)))
    if each.tokens is not None:
        told.append(lexemes.known(owner, "t", lexemes.size_of(each.tokens)))
    return told


def _vector(text: str) -> str:
    """As PostgreSQL writes one: each lexeme with its places. No lexeme holds a quote or a backslash."""
    places: dict[str, list[str]] = defaultdict(list)
    for place, lexeme in enumerate(text.split(), start=1):
        places[lexeme].append(str(place))
    return " ".join(f"'{lexeme}':{','.join(at[:MOST_PLACES])}" for lexeme, at in places.items())

"""A conversation that begins at a message of another one: as much of its tree as was asked for, copied."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models, transaction

from chat.refusals import Refused

from .branch import ids_to
from .conversation import Conversation
from .copying import WORDS, copy_settings
from .generation import Status
from .identifiers import new_id
from .message import Message, Role
from .outline import all_below, children_of, going_on, hung_anew, path_in, without_heads

SUFFIX = " (branch)"
GONE = "This message is not shown any more. Another tab may have deleted what it belongs to."


class Scope(models.TextChoices):
    """How much comes along."""

    PATH = "path", "This path"
    ALTERNATIVES = "alternatives", "This path with its alternatives"
    EVERYTHING = "everything", "Everything"


@dataclass(frozen=True, slots=True)
class Cutting:
    """What a branch is made of: which messages, in the order in which they were made, and where it ends."""

    tip_id: UUID
    ids: list[UUID]
    parents: dict[UUID, UUID | None] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.ids)


def cuttings(message: Message) -> dict[Scope, Cutting]:
    """One for each scope. What is deleted or still being written stays behind. Raises Refused where this message is."""
    found = message.conversation.messages.order_by("pk").values(
        "pk", "parent_id", "role", "deleted_at", "continues", "generation__status"
    )
    rows = {row["pk"]: row for row in found}
    whole = {id: row["parent_id"] for id, row in rows.items()}
    left_out = {
        id for id, row in rows.items() if row["deleted_at"] or row["generation__status"] == Status.RUNNING
    }
    continuing = going_on(rows)
    parents = hung_anew(whole, left_out | without_heads(whole, continuing, left_out))
    if message.pk not in parents:
        raise Refused(GONE, status=409)
    return _cut(parents, continuing & set(parents), message.pk, ids_to(message.conversation.tip_id))


def _cut(
    parents: dict[UUID, UUID | None], continuing: set[UUID], id: UUID, shown: Sequence[UUID]
) -> dict[Scope, Cutting]:
    children = children_of(parents)
    on_the_page = set(shown)
    end = id
    # A turn comes whole: what goes on where this message ended is the same answer.
    while below := [each for each in children[end] if each in continuing]:
        end = next((each for each in below if each in on_the_page), below[-1])
    path = path_in(parents, end)
    beside = {sibling for each in path for sibling in children[parents[each]]}
    with_alternatives = beside | _goes_on(children, continuing, beside)
    kept = [each for each in shown if each in parents]
    ends = (each for each in all_below(children, id) if not children[each])
    tip = kept[-1] if id in kept else max(ends)
    return {
        Scope.PATH: Cutting(end, [each for each in parents if each in set(path)], parents),
        Scope.ALTERNATIVES: Cutting(end, [each for each in parents if each in with_alternatives], parents),
        Scope.EVERYTHING: Cutting(tip, list(parents), parents),
    }


def _goes_on(children: dict[UUID | None, list[UUID]], continuing: set[UUID], ids: set[UUID]) -> set[UUID]:
    """What continues these."""
    found: list[UUID] = [*ids]
    for each in found:
        found += [child for child in children[each] if child in continuing and child not in ids]
    return set(found)


@transaction.atomic
def branch_off(message: Message, scope: Scope) -> tuple[Conversation, UUID]:
    """A conversation of its own with the same settings, folder and tags, and the copy of this message in it."""
    source, cutting = message.conversation, cuttings(message)[scope]
    branch = copy_settings(source, title=title_of(source), folder=source.folder)
    branch.save()
    branch.tags.set(source.tags.all())
    copies = copies_of(cutting, branch)
    Message.objects.bulk_create(copies.values())
    branch.show(copies[cutting.tip_id])
    return branch, copies[message.pk].pk


def copies_of(cutting: Cutting, branch: Conversation) -> dict[UUID, Message]:
    """By the id of the original, and in the same order: alternatives keep their numbers. Nothing is stored yet."""
    originals = Message.objects.only("copy_of", *WORDS).in_bulk(cutting.ids)
    new_ids = {id: new_id() for id in cutting.ids}
    there = [originals[id] for id in cutting.ids if id in originals]
    return {
        original.pk: Message(
            id=new_ids[original.pk],
            conversation=branch,
            parent_id=new_ids.get(cutting.parents[original.pk]),  # type: ignore[arg-type]
            copy_of_id=(original.copy_of_id or original.pk) if original.role == Role.ASSISTANT else None,
            **{name: getattr(original, name) for name in WORDS},
        )
        for original in there
    }


def title_of(source: Conversation) -> str:
    """Named after where it came from. A branch of a branch is a branch."""
    longest = Conversation._meta.get_field("title").max_length or 0
    if not source.title or source.title.endswith(SUFFIX):
        return source.title
    return source.title[: longest - len(SUFFIX)] + SUFFIX

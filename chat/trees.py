"""The whole tree of a conversation, as a page draws it: every message in short, and what was set otherwise on the way
to each answer."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Left, Length
from django.db.models.lookups import IsNull

from chat.models import Conversation, Generation
from chat.models.branch import ids_to
from chat.models.outline import going_on, hung_anew, path_in, without_heads
from chat.sampling import BY_NAME
from chat.since import as_sent, system_in

FIRST_WORDS = 160
LONGEST_VALUE = 40
# Words stand in one of the first parts; before them there may be pictures.
PARTS_LOOKED_AT = 3
# Characters of requests that are read for one answer of ours, but at least one request: each holds the whole
# conversation up to it, with its pictures.
MOST_READ = 16_000_000
NOT_SET = "not set"


def tree_of(conversation: Conversation) -> dict[str, Any]:
    """All messages that can be shown, in the order in which they were made. Two queries, however many there are."""
    rows = {row["pk"]: row for row in _rows(conversation)}
    above = _above(rows)
    shown = set(ids_to(conversation.tip_id))
    nodes = [_node(rows[id], parent, shown) for id, parent in above.items()]
    return {"conversation": str(conversation.pk), "title": conversation.title, "nodes": nodes}


def _rows(conversation: Conversation) -> Iterable[Any]:
    """No words but the first ones: a message may hold pictures, and a request the whole conversation."""
    words = [
        Left(KeyTextTransform("text", KeyTransform(str(place), "parts")), FIRST_WORDS)
        for place in range(PARTS_LOOKED_AT)
    ]
    tool = KeyTextTransform("name", KeyTransform("function", KeyTransform("0", "tool_calls")))
    return (
        conversation.messages.order_by("pk")
        .annotate(
            words=Coalesce(*words, Value(""), output_field=TextField()),
            tool=tool,
            edited=IsNull(F("original"), False),
            ended=Coalesce("generation__status", "copy_of__generation__status", Value("")),
            answered_model=Coalesce("generation__answered_model", "copy_of__generation__answered_model", Value("")),
            asked_model=Coalesce("generation__model", "copy_of__generation__model", Value("")),
            told_model=KeyTextTransform("model", "imported_facts"),
        )
        .values(
            "pk", "parent_id", "role", "deleted_at", "continues", "muted", "starred", "words", "tool", "edited",
            "ended", "answered_model", "asked_model", "told_model",
        )
    )  # fmt: skip


def _above(rows: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, UUID | None]:
    """Deleted ones are left out, and what hung on them hangs where a page shows it."""
    parents = {id: row["parent_id"] for id, row in rows.items()}
    deleted = {id for id, row in rows.items() if row["deleted_at"]}
    return hung_anew(parents, deleted | without_heads(parents, going_on(rows), deleted))


def _node(row: Mapping[str, Any], parent: UUID | None, shown: set[UUID]) -> dict[str, Any]:
    """What is not so is not said: two thousand of them travel."""
    said = " ".join(row["words"].split())
    flags = {
        "shown": row["pk"] in shown,
        "starred": row["starred"],
        "muted": row["muted"],
        "edited": row["edited"],
        "continues": row["continues"],
    }
    told = {
        "model": row["answered_model"] or row["asked_model"] or row["told_model"] or "",
        "status": "" if row["ended"] == "finished" else row["ended"],
        "tool": "" if said else row["tool"] or "",
    }
    return {
        "id": str(row["pk"]),
        "parent": str(parent) if parent else None,
        "role": row["role"],
        "words": said,
        **{name: value for name, value in {**flags, **told}.items() if value},
    }


# What was set otherwise


def changes_on_the_way(conversation: Conversation, ids: Iterable[UUID]) -> dict[str, list[dict[str, str]]]:
    """By answer, what its request was made with that the answer above was not; for a first answer, what was set.

    As many of these as can be read at once, in this order: who wants the rest asks again.
    """
    pairs = _as_many_as_fit(_pairs(conversation, ids))
    wanted = {call for pair in pairs.values() for call in pair if call}
    read = Generation.objects.select_related("provider").in_bulk(wanted)
    return {
        str(id): _changes(read[call], read.get(above) if above else None)
        for id, (call, above) in pairs.items()
        if call in read
    }


Pairs = dict[UUID, tuple[UUID, UUID | None]]


def _pairs(conversation: Conversation, ids: Iterable[UUID]) -> Pairs:
    """The call of each answer, and that of the answer above it."""
    rows = {
        row["pk"]: row
        for row in conversation.messages.order_by("pk")
        .annotate(made_by=Coalesce("generation_id", "copy_of__generation_id"))
        .values("pk", "parent_id", "role", "deleted_at", "continues", "made_by")
    }
    parents = _above(rows)

    def call_above(id: UUID) -> UUID | None:
        above = path_in(parents, id)[-2::-1]
        return next((rows[each]["made_by"] for each in above if rows[each]["made_by"]), None)

    return {id: (rows[id]["made_by"], call_above(id)) for id in ids if id in parents and rows[id]["made_by"]}


def _as_many_as_fit(pairs: Pairs) -> Pairs:
    calls = {call for pair in pairs.values() for call in pair if call}
    sizes = dict(Generation.objects.filter(pk__in=calls).values_list("pk", Length("request")))
    taken: Pairs = {}
    read: set[UUID] = set()
    for id, pair in pairs.items():
        read |= {call for call in pair if call}
        if taken and sum(sizes.get(call, 0) for call in read) > MOST_READ:
            break
        taken[id] = pair
    return taken


def _messages(call: Generation) -> list[Any]:
    messages = call.request.get("messages")
    return messages if isinstance(messages, list) else []


def _changes(call: Generation, above: Generation | None) -> list[dict[str, str]]:
    changes = []
    if above and (call.provider_name, call.model) != (above.provider_name, above.model):
        changes.append(_change("Model", above.model, call.model))
    before, now = system_in(_messages(above)) if above else "", system_in(_messages(call))
    if before != now:
        changes.append(_change("System prompt", before, now))
    was, become = as_sent(above) if above else {}, as_sent(call)
    for name, parameter in BY_NAME.items():
        if was.get(name) != become.get(name):
            shown = ("" if each.get(name) is None else parameter.show(each[name]) for each in (was, become))
            changes.append(_change(parameter.label, *shown))
    return changes


def _change(label: str, was: str, become: str) -> dict[str, str]:
    return {"label": label, "was": _short(was), "become": _short(become)}


def _short(text: str) -> str:
    words = " ".join(text.split())
    return (words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…") or NOT_SET

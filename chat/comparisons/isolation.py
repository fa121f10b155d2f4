"""Whether a model was told only what was said in its own conversation: by the request that was really sent."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chat.models import Generation, Message, Role
from chat.models.message import text_of

# Role and words.
Turn = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """How many messages the request held, its system prompt aside, and how many of them are of another thread."""

    messages: int
    strange: int

    @property
    def only_its_own(self) -> bool:
        return self.strange == 0


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it stands now, and as it stood before it was edited. What stood there between is not kept."""

    parent: UUID | None
    now: Turn
    first: Turn
    edited: bool
    # Where it goes on from the one above it: one turn with that. One that was dropped is left out of it.
    continues: bool = False
    dropped: bool = False


def heard_by(answers: Collection[Message]) -> dict[UUID, Heard]:
    """By answer, of those that a call has made. By the words, as they stand in its thread now or stood there before
    they were edited."""
    calls = calls_of(answers)
    homes = {answer.pk: homes_of(answer, call) for answer, call in calls.items()}
    said = said_in(set().union(*homes.values()))
    heard = {}
    for answer, call in calls.items():
        own = {id: each for home in homes[answer.pk] for id, each in said[home].items()}
        edited = edited_before(answer.copy_of or answer, own)
        joined = {turn for id in own for turn in joined_at(own, id)}
        heard[answer.pk] = heard_of(call.request, own.values(), edited, joined)
    return heard


def heard_of(
    request: dict[str, Any], own: Iterable[Said], edited: Iterable[Said], joined: Collection[Turn] = ()
) -> Heard:
    """Of a message that was edited again since, its own words are known no more: one of its role is not strange."""
    sent = [turn_of(each) for each in request.get("messages") or [] if each.get("role") != Role.SYSTEM]
    known = {turn for each in own for turn in (each.now, each.first)} | {*joined}
    unknown = Counter(role for role, words in sent if (role, words) not in known)
    missing = Counter(each.now[0] for each in edited if not {each.now, each.first} & {*sent})
    return Heard(len(sent), (unknown - missing).total())


def calls_of(answers: Collection[Message]) -> dict[Message, Generation]:
    """With the requests, which a page leaves aside."""
    rows = Generation.objects.select_related("replay_of").only(
        "request", "conversation", "replay_of__conversation"
    )
    found = rows.in_bulk({answer.call.pk for answer in answers if answer.call})
    return {answer: found[answer.call.pk] for answer in answers if answer.call}


def homes_of(answer: Message, call: Generation) -> set[UUID]:
    """The conversations whose words its request may hold. A copied answer was asked for elsewhere, and so may that be
    which this one repeats: what was deleted there stayed behind."""
    origins = [call, call.replay_of] if call.replay_of else [call]
    return {answer.conversation_id, *(each.conversation_id for each in origins)}


def said_in(conversations: Collection[UUID]) -> Mapping[UUID, dict[UUID, Said]]:
    """By conversation, and in it by message. Also what was deleted."""
    said: dict[UUID, dict[UUID, Said]] = defaultdict(dict)
    rows = Message.objects.filter(conversation__in=conversations)
    for conversation, id, parent, role, parts, original, continues, deleted_at in rows.values_list(
        "conversation", "pk", "parent", "role", "parts", "original", "continues", "deleted_at"
    ):
        now, first = (role, text_of(parts)), (role, text_of(original or parts))
        edited, dropped = original is not None, deleted_at is not None
        said[conversation][id] = Said(parent, now, first, edited, continues, dropped)
    return said


def joined_at(said: Mapping[UUID, Said], id: UUID) -> Iterator[Turn]:
    """What was sent of a turn that ends here: all of it, what is left of it, and how it was before it was edited."""
    spans = [said[id]]
    while spans[0].continues and (above := spans[0].parent) and above in said:
        spans.insert(0, said[above])
    if len(spans) == 1:
        return
    role, kept = spans[0].now[0], [span for span in spans if not span.dropped]
    for words in (
        [each.now[1] for each in spans],
        [each.now[1] for each in kept],
        [each.first[1] for each in spans],
    ):
        yield role, "".join(words)


def edited_before(answer: Message, said: Mapping[UUID, Said]) -> Iterator[Said]:
    """Those on its own branch: what was edited beside it was never sent for it."""
    place = said.get(answer.pk)
    while place and place.parent:
        place = said.get(place.parent)
        if place and place.edited:
            yield place


def turn_of(sent: dict[str, Any]) -> Turn:
    content = sent.get("content") or ""
    return sent.get("role") or "", content if isinstance(content, str) else text_of(content)

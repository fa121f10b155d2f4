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
        heard[answer.pk] = heard_of(call.request, own.values(), edited)
    return heard


def heard_of(request: dict[str, Any], own: Iterable[Said], edited: Iterable[Said]) -> Heard:
    """Of a message that was edited again since, its own words are known no more: one of its role is not strange."""
    sent = [turn_of(each) for each in request.get("messages") or [] if each.get("role") != Role.SYSTEM]
    known = {turn for each in own for turn in (each.now, each.first)}
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
    for conversation, id, parent, role, parts, original in rows.values_list(
        "conversation", "pk", "parent", "role", "parts", "original"
    ):
        now, first = (role, text_of(parts)), (role, text_of(original or parts))
        said[conversation][id] = Said(parent, now, first, original is not None)
    return said


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

"""Two messages beside one another: their words, their figures, and what differed in what was asked for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from chat import access
from chat.comparisons.figures import NONE, Figure, figures, last_answers
from chat.comparisons.panes import numbered
from chat.diff.parallel import ParallelText
from chat.diff.requests import ChangedMessage, RequestDiff, compare
from chat.diff.values import Changed
from chat.diff.words import MOST_STEPS
from chat.models import Generation, Message, Pane, Role, Status
from chat.models.branch import WITH_ITS_CALL, ids_to, in_order, newest_leaf, number_alternatives, steps_to
from chat.models.turn import kept_turns
from chat.refusals import refuse_blind

# Characters of a text beside the answers themselves.
MOST_SHOWN_BESIDE = 20_000
TO_NAME_IT = (
    "role", "generation__model", "generation__answered_model",
    "copy_of__generation__model", "copy_of__generation__answered_model",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `choices` are the answers that may stand in its place, with their names."""

    letter: str
    message: Message
    name: str
    pane: Pane | None
    choices: list[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class Requests:
    """What differed in them, and the words of each message that did."""

    difference: RequestDiff
    values: list[Changed]
    messages: list[tuple[ChangedMessage, ParallelText]]

    @property
    def are_same(self) -> bool:
        return not self.values and not self.messages


def between(user: User, a: Message, b: Message) -> dict[str, Any]:
    """What the page shows. Raises Refused."""
    # A copy would tell of what it was copied from.
    refuse_blind(any(each.hides for each in (a, b, a.copy_of, b.copy_of) if each))
    first, second = sides_of(user, a, b)
    found = compare(a.call.request, b.call.request) if a.call and b.call else None
    beside = {"Reasoning": (a.reasoning, b.reasoning), "Tool calls": (calls_of(a), calls_of(b))}
    named = {name: pair for name, pair in beside.items() if any(pair)}
    # What is hostile in one place costs a second, and must not cost that in fifty.
    steps = MOST_STEPS // max(1, len(named) + (len(found.messages) if found else 0))
    together = first.pane and second.pane and first.pane.comparison_id == second.pane.comparison_id
    return {
        "a": first,
        "b": second,
        "sides": (first, second),
        "comparison": first.pane.comparison_id if first.pane and together else None,
        "text": ParallelText(whole_text(a), whole_text(b)),
        "beside": [(name, ParallelText(*pair, steps, MOST_SHOWN_BESIDE)) for name, pair in named.items()],
        "notes": list(notes(first, second)),
        "figures": figures_of(a, b),
        "requests": requests_of(a.call, b.call, found, steps) if a.call and b.call and found else None,
    }


def whole_text(message: Message) -> str:
    """With what it was continued with, and what it goes on from."""
    if not message.continues and not message.children.filter(continues=True, deleted_at=None).exists():
        return message.text
    turns = kept_turns(steps_to(newest_leaf(message.pk)))
    own = next((turn for turn in turns if message.pk in {step.id for step in turn}), [])
    return "".join(span.text for span in in_order([step.id for step in own])) or message.text


# Who they are, and who else could stand in their place


def sides_of(user: User, a: Message, b: Message) -> list[Side]:
    of_a, of_b = (list(access.panes(user).filter(conversation=each.conversation_id)) for each in (a, b))
    # A chat may be a pane of many comparisons. The one that both are in comes first, then the newest.
    shared = {pane.comparison_id for pane in of_a} & {pane.comparison_id for pane in of_b}
    in_one, beside = a.conversation_id == b.conversation_id, a.parent_id == b.parent_id
    sides = []
    for letter, message, panes in (("A", a, of_a), ("B", b, of_b)):
        found = max(panes, key=lambda pane: (pane.comparison_id in shared, pane.pk), default=None)
        title = "" if found or in_one else message.conversation.title
        where = f"in “{title}”" if title else counted(message) if in_one and not beside else ""
        sides.append(side(letter, message, found, where))
    return sides


def counted(message: Message) -> str:
    """By its place on its branch: of two in one conversation each needs a name of its own."""
    return f"{message.role} message {len(ids_to(message.pk))}"


def side(letter: str, message: Message, pane: Pane | None, where: str) -> Side:
    panes = numbered(pane.comparison) if pane else []
    place = next((f"Pane {other.number}" for other in panes if other == pane), "")
    choices = list(alternatives_of(message, [place, where]))
    name = next((name for id, name in choices if id == message.pk), "")
    others = [other for other in panes if other != pane and not other.conversation.blind]
    answers = last_answers(others)
    for other in others:
        if answer := answers[other.pk]:
            choices.append((answer.pk, named(answer, [f"Pane {other.number}"])))
    return Side(letter, message, name, pane, choices)


def alternatives_of(message: Message, where: Sequence[str]) -> Iterator[tuple[UUID, str]]:
    number_alternatives([message])
    count = len(message.alternatives)
    rows = Message.objects.select_related(*WITH_ITS_CALL).only(*TO_NAME_IT).in_bulk(message.alternatives)
    for position, id in enumerate(message.alternatives, start=1):
        which = f"alternative {position} of {count}" if count > 1 else ""
        yield id, named(rows[id], [*where, which])


def named(message: Message, where: Sequence[str]) -> str:
    call = message.call
    kind = "answer" if message.role == Role.ASSISTANT else f"{message.role} message"
    words = ", ".join(filter(None, where)) or kind
    model = f" · {call.answered_model or call.model}" if call else ""
    return words[0].upper() + words[1:] + model


# What is said about them


def notes(*sides: Side) -> Iterator[str]:
    if len({side.message.pk for side in sides}) == 1:
        yield "Both sides are one and the same message."
    for side in sides:
        message = side.message
        if message.status == Status.RUNNING:
            yield f"{side.letter} is still being written: this is what there is so far."
        elif message.original:
            yield f"{side.letter} was edited by hand after it was written."
        if message.continues or whole_text(message) != message.text:
            yield f"{side.letter} was continued: its words are all of them, its figures those of one call."
        if any(part.get("type") not in ("text", "annotation") for part in message.parts):
            yield f"{side.letter} holds more than text, which is not compared."


def figures_of(a: Message, b: Message) -> list[tuple[Figure, Figure]]:
    """The facts of both, in pairs. Empty if neither has any."""
    if not a.call and not b.call:
        return []
    columns = figures({a.pk: a, b.pk: b})
    pairs = list(zip(columns[a.pk], columns[b.pk], strict=True))
    if a.pk == b.pk:
        pairs = [(replace(one, best=False), replace(other, best=False)) for one, other in pairs]
    return [(who(a), who(b)), *pairs]


def who(message: Message) -> Figure:
    call = message.call
    return Figure("Model", (call.answered_model or call.model) if call else NONE)


def calls_of(message: Message) -> str:
    """Without their ids, which are other ones each time."""
    functions = [call.get("function") or {} for call in message.tool_calls]
    return "\n".join(f"{each.get('name', '')}({each.get('arguments', '')})" for each in functions)


# What was asked


def requests_of(a: Generation, b: Generation, found: RequestDiff, steps: int) -> Requests:
    where = [
        Changed(what, one or NONE, other or NONE)
        for what, one, other in (("provider", a.provider_name, b.provider_name), ("address", a.url, b.url))
        if one != other
    ]
    messages = [
        (message, ParallelText(*message.texts, steps, MOST_SHOWN_BESIDE)) for message in found.messages
    ]
    return Requests(found, [*where, *found.values], messages)

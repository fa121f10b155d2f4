"""What a comparison shows beneath its panes: the figures of each last answer, the best of a row, and the sums."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chat.comparisons.isolation import Heard, heard_by
from chat.costs import in_dollars
from chat.estimates import Rate, bytes_of
from chat.facts import seconds
from chat.models import Charge, Conversation, Generation, Message, Pane, Status
from chat.models.branch import ids_to, in_order
from chat.sampling import BY_NAME

NONE = "–"
LONGEST_VALUE = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell. `value` is what is compared: None where the answer has none, or may not win."""

    label: str
    text: str = NONE
    value: float | None = None
    best: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of figure; `better` is what picks the best of several, if one of them can be called that."""

    label: str
    read: Callable[[Generation], float | None]
    show: Callable[[float], str]
    better: Callable[[Sequence[float]], float] | None = None

    def figure(self, message: Message | None) -> Figure:
        generation = message.call if message else None
        value = self.read(generation) if generation else None
        # What still grows is not told: it would be old at once.
        if (
            generation is None
            or value is None
            or (generation.status == Status.RUNNING and self.label != "In")
        ):
            return Figure(self.label)
        about = "~" if generation.estimate and self.label in ESTIMATED else ""
        wins = generation.status == Status.FINISHED
        return Figure(self.label, about + self.show(value), value if wins else None)


def tokens(name: str) -> Callable[[Generation], float | None]:
    return lambda generation: generation.used.get(name)


def count(value: float) -> str:
    return f"{value:,.0f} tok"


ESTIMATED = ("In", "Out", "Cost")
ROWS = (
    Row("First token", lambda generation: generation.first_token, seconds, min),
    Row("Speed", lambda generation: generation.speed, lambda speed: f"{speed:,.0f} tok/s", max),
    Row("Duration", lambda generation: generation.duration, seconds, min),
    Row("In", tokens("prompt_tokens"), count),
    Row("Out", tokens("completion_tokens"), count),
    # A price list that says 0 may mean free or not priced by the token: neither is a sum to show.
    Row("Cost", lambda generation: generation.spent or None, in_dollars, min),
)


def figures(answers: Mapping[UUID, Message | None]) -> dict[UUID, list[Figure]]:
    """Of the last answer of each pane, in the same order for all. Those that read the same are all the best."""
    columns = {key: [row.figure(answer) for row in ROWS] for key, answer in answers.items()}
    for number, row in enumerate(ROWS):
        values = [value for column in columns.values() if (value := column[number].value) is not None]
        if row.better is None or len(values) < 2:
            continue
        best = row.show(row.better(values))
        for column in columns.values():
            value = column[number].value
            column[number] = replace(column[number], best=value is not None and row.show(value) == best)
    return {key: [*column, how_it_ended(answers[key])] for key, column in columns.items()}


def how_it_ended(answer: Message | None) -> Figure:
    if answer is None or answer.call is None:
        return Figure("Finish")
    finished = answer.status == Status.FINISHED
    return Figure("Finish", (answer.finish_reason or NONE) if finished else str(answer.status))


def last_answers(panes: Sequence[Pane]) -> dict[UUID, Message | None]:
    """By pane: what it shows last, if that is an answer."""
    ends = in_order([tip for pane in panes if (tip := pane.conversation.tip_id)])
    found = {end.pk: last for end in ends if (last := shown_at(end)) and last.call}
    return {pane.pk: found.get(tip) if (tip := pane.conversation.tip_id) else None for pane in panes}


def shown_at(end: Message) -> Message | None:
    """What is left at the end of a branch that ends with this: the newest above it if it was deleted."""
    if end.deleted_at is None:
        return end
    return next(iter(in_order(ids_to(end.pk)[-1:])), None)


def last_answer(pane: Pane) -> Message | None:
    return last_answers([pane])[pane.pk]


def heard(panes: Sequence[Pane], answers: Mapping[UUID, Message | None]) -> dict[UUID, Heard]:
    """By pane: whether what its last answer was given is of its own thread, as the stored request has it. Of what was
    never sent there is nothing to say."""
    sent = {
        pane.pk: answer
        for pane in panes
        if (answer := answers[pane.pk]) and answer.call and not answer.call.unsent
    }
    told = heard_by(sent.values())
    return {key: told[answer.pk] for key, answer in sent.items()}


def summary(conversation: Conversation) -> list[tuple[str, str]]:
    """What is set in a pane, in few words."""
    named = [(BY_NAME[name], value) for name, value in conversation.settings.items() if name in BY_NAME]
    found = [(parameter.label, shortened(parameter.show(value), LONGEST_VALUE)) for parameter, value in named]
    prompt = conversation.system_prompt
    length = f"~{Rate().tokens(bytes_of(prompt)):,} tokens" if prompt.strip() else "none"
    return [*found, ("System", length)]


def shortened(text: str, longest: int) -> str:
    """On one line, of so many characters."""
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[:longest]}…"


def totals(panes: Sequence[Pane]) -> dict[str, Any]:
    """What all of it has taken so far, by the books."""
    return Charge.objects.filter(conversation__in=[pane.conversation_id for pane in panes]).total()

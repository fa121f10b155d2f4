"""A round of a comparison: the same words to several panes at once, or their last answers once more.

Either every pane takes them or none does, so that what is compared stays comparable. Raises Refused, naming the pane.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from chat.generation import Nothing, begin
from chat.generation.begin import Job
from chat.models import Comparison, Message, Pane, Role, Status
from chat.models.branch import last_question
from chat.refusals import Refused, Unexplained
from chat.sending import add, send
from chat.titles import title_from

NOBODY = "No pane is linked to the composer. Link the input of one, or write in the pane itself."


@transaction.atomic
def send_to(
    comparison: Comparison,
    panes: list[Pane],
    shown: Mapping[UUID, Message | None],
    text: str,
    *,
    start: str = "",
    added_as: Role | None = None,
) -> list[Job]:
    """These words to each of these panes, below the message that it shows: sent, or only added as one of this role.

    `start` is how each answer begins.
    """
    if not panes:
        raise Refused(NOBODY, status=409)
    if not comparison.title:
        comparison.title = title_from(text)
        comparison.save(update_fields=["title"])
    comparison.touch()
    refuse_others(comparison.shown_panes(), panes, shown)
    jobs: list[Job] = []
    for pane in panes:
        with named(pane):
            last = shown[pane.conversation_id]
            refuse_while_running(last)
            if added_as:
                jobs += add(pane.conversation, last, added_as, text)
            else:
                jobs.append(send(pane.conversation, last, text, start))
    return jobs


@transaction.atomic
def run_again(comparison: Comparison, panes: list[Pane], shown: Mapping[UUID, Message | None]) -> list[Job]:
    """Another answer to what each pane shows as asked last. Panes in which nothing was asked are passed by."""
    if not panes:
        raise Refused(NOBODY, status=409)
    comparison.touch()
    refuse_others(comparison.shown_panes(), panes, shown)
    jobs = []
    for pane in panes:
        with named(pane):
            last = shown[pane.conversation_id]
            refuse_while_running(last)
            if question := last_question(last.pk if last else None):
                pane.conversation.save_asked()
                jobs.append(begin(pane.conversation, question))
    if not jobs:
        raise Refused("Nothing has been asked here yet, so there is nothing to run again.", status=409)
    return jobs


def refuse_others(there: list[Pane], meant: list[Pane], shown: Mapping[UUID, Message | None]) -> None:
    """Where another tab has added or removed panes that the page has not heard of."""
    unseen = {pane.conversation_id for pane in meant} - shown.keys()
    gone = shown.keys() - {pane.conversation_id for pane in there}
    if unseen or gone:
        raise Refused("Another tab has added or removed panes. Look at them, then try again.", status=409)


def refuse_while_running(last: Message | None) -> None:
    if last and last.status == Status.RUNNING:
        raise Refused("It is still answering. Stop it, or wait for the end.", status=409)


@contextmanager
def named(pane: Pane) -> Iterator[None]:
    """What a pane cannot do is said with its number, unless that would tell too much."""
    name = f"Answer {pane.letter}" if pane.conversation.blind else f"Pane {pane.number}"
    try:
        yield
    except Unexplained:
        raise
    except Refused as refusal:
        raise Refused(f"{name}: {refusal}", status=refusal.status) from None
    except Nothing as nothing:
        raise Refused(f"{name}: {nothing}", status=422) from None

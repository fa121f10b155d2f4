"""Blind rounds: the panes of a comparison once more, shuffled, without a name; the vote on them, and the reveal.

What is hidden until then, and how: docs/blind.md.
"""

import json
from collections.abc import Sequence
from secrets import SystemRandom
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat import access
from chat.comparisons.figures import last_answer
from chat.comparisons.panes import compare, numbered
from chat.comparisons.rounds import named
from chat.models import Comparison, Conversation, Generation, Message, Pane, Status, Vote
from chat.models.copying import copy_settings
from chat.refusals import Refused


class TooLate(Exception):
    """It is revealed already: nobody can vote any more without knowing."""


# Made


@transaction.atomic
def begin_round(comparison: Comparison) -> Comparison:
    """A new comparison with the same models, prompts and settings, in which nothing has been said. Raises Refused."""
    panes = numbered(comparison)
    refuse_unready(panes)
    if len({told_apart_by(pane.conversation) for pane in panes}) < 2:
        raise Refused(
            "All panes are alike here, so there is nothing to choose between. "
            "Give one of them another model, system prompt or setting first.",
            status=422,
        )
    order = shuffled(panes)
    # Ids are ordered by time. So they are made in the order in which they are shown, and tell nothing more.
    conversations = [copy_settings(pane.conversation, title="", blind=True) for pane in order]
    found = compare(comparison.owner, conversations)
    found.blind = True
    found.save(update_fields=["blind"])
    return found


def shuffled(panes: Sequence[Pane]) -> list[Pane]:
    """Every order is as likely as every other one, and none can be foreseen."""
    drawn = list(panes)
    SystemRandom().shuffle(drawn)
    return drawn


def refuse_unready(panes: Sequence[Pane]) -> None:
    """Later nobody could be told which pane it is that has no model, or a prompt without its values."""
    for pane in panes:
        with named(pane):
            provider = pane.conversation.provider
            if provider is None or provider.removed or not pane.conversation.model:
                raise Refused("choose a model first, its own is no longer there.", status=422)
            pane.conversation.instructions()


def told_apart_by(conversation: Conversation) -> tuple[object, ...]:
    given = json.dumps([conversation.settings, conversation.variables], sort_keys=True)
    return conversation.provider_id, conversation.model, conversation.system_prompt, given


# Voted on, and revealed


@transaction.atomic
def cast_vote(comparison: Comparison, best: UUID | None, tag: str) -> Vote:
    """For the pane with this id; None is a tie. It reveals the round. Raises Refused, TooLate."""
    # First of all: of two that vote at once, the second one waits here.
    reveal(comparison)
    panes = numbered(comparison)
    if why := why_no_vote(panes):
        raise Refused(why, status=409)
    places = [pane.pk for pane in panes]
    if best is not None and best not in places:
        raise Refused("The answer that you chose is of no pane here. Reload the page.", status=422)
    return Vote.objects.create(
        owner=comparison.owner,
        comparison=comparison,
        contestants=[contestant(pane) for pane in panes],
        best=None if best is None else places.index(best),
        tag=tag,
    )


@transaction.atomic
def reveal(comparison: Comparison) -> None:
    """From here on it is a comparison like any other. Raises TooLate if it was that before, Refused if always."""
    if not comparison.blind:
        raise Refused("This comparison hides nothing.", status=409)
    now = timezone.now()
    hidden = Comparison.objects.filter(pk=comparison.pk, blind=True, revealed_at=None)
    if not hidden.update(revealed_at=now):
        raise TooLate
    comparison.revealed_at = now
    comparison.rearrange()
    # Other tabs are told that what they show is old.
    of_it = Conversation.objects.filter(panes__comparison=comparison)
    Conversation.objects.filter(pk__in=of_it.values("pk")).update(blind=False, version=F("version") + 1)


def contestant(pane: Pane) -> dict[str, str]:
    """By the call itself: a provider may have got another name since, or be gone."""
    answer = last_answer(pane)
    assert answer
    assert answer.call
    return {"model": answer.call.model, "provider": answer.call.provider_name}


def why_no_vote(panes: Sequence[Pane]) -> str:
    """What there is to wait for, in words; empty if there is an answer of each."""
    conversations = [pane.conversation_id for pane in panes]
    if Generation.objects.running().filter(conversation__in=conversations).exists():
        return "The vote waits for the end of all answers."
    answers = [(pane, last_answer(pane)) for pane in panes]
    if not any(answer for _, answer in answers):
        return "Ask something first, then say which answer is better."
    empty = next((pane for pane, answer in answers if answer is None or not is_one(answer)), None)
    return f"There is no answer {empty.letter}. Run it again, or reveal." if empty else ""


def is_one(answer: Message) -> bool:
    """Also one that was cut short, and one without a word if the model wanted it so."""
    return answer.status == Status.FINISHED or bool(answer.text.strip() or answer.tool_calls)


# Shown


def ballot_of(comparison: Comparison, panes: Sequence[Pane]) -> dict[str, Any]:
    """What the page needs to have a vote cast, and to show it afterwards. Nothing if it was never blind."""
    if not comparison.blind:
        return {}
    if comparison.hides:
        return {"why_no_vote": why_no_vote(panes), "tags": tags_of(comparison.owner)}
    vote = Vote.objects.filter(comparison=comparison).first()
    if vote is None or vote.best is None:
        return {"vote": vote}
    return {"vote": vote, "letter": ascii_uppercase[vote.best], "chosen": vote.contestants[vote.best]}


def tags_of(user: User) -> list[str]:
    """Those that were used before."""
    used = access.votes(user).exclude(tag="").order_by("tag")
    return list(used.values_list("tag", flat=True).distinct())

"""Sweeps: one question asked with several values of one thing, while all else stays the same.

Before anything is sent the requests themselves are laid beside one another: they must differ, and in that one key.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from chat.catalogue import model_of
from chat.comparisons.panes import add_pane, held
from chat.experiments.variations import Sweep, Variation, written
from chat.generation import Nothing, begin
from chat.generation.begin import Job, in_the_protocol, request_for, request_saying
from chat.models import MOST_PANES, Comparison, Conversation, Message, Pane
from chat.models.branch import last_question
from chat.models.copying import copy_settings, copy_words
from chat.panel import reason
from chat.refusals import Refused
from chat.sampling import Parameter, contradiction

# Two keys that are one setting: a provider takes the second only beside the first.
PAIRS = ({"logprobs", "top_logprobs"}, {"stream", "stream_options"})
GONE = "This pane is no longer there. Reload the page to see those that are."


@transaction.atomic
def as_alternatives(conversation: Conversation, sweep: Sweep, shown: Message | None) -> list[Job]:
    """An answer for each value, beside one another below the last question of this branch. The settings stay as they
    are stored. Raises Refused."""
    refuse_while_running(conversation)
    question = last_question(shown.pk if shown else None)
    if question is None:
        raise Refused("Nothing has been asked here yet. Send a message first.", status=409)
    refuse_unless_one_key_differs(conversation, sweep, question)
    Conversation.objects.filter(pk=conversation.pk).update(active_at=Now())
    jobs = [begin(variation.applied_to(conversation), question) for variation in sweep.variations]
    # The first of them, so that the others come in their order.
    conversation.show(jobs[0].generation.messages.order_by("choice")[0])
    return jobs


@transaction.atomic
def as_panes(comparison: Comparison, pane: Pane, sweep: Sweep) -> list[Job]:
    """This pane takes the first value, and a copy of it beside it each of the others; all of them answer the last
    question. If nothing was asked yet, they are only set up. Raises Refused."""
    panes = held(comparison)
    if pane not in panes:
        raise Refused(GONE, status=404)
    refuse_too_many(len(panes), sweep)
    # As it is now: another tab may have changed it since it was read.
    pane = panes[panes.index(pane)]
    conversation = pane.conversation
    refuse_while_running(conversation)
    question = last_question(conversation.tip_id)
    refuse_unless_one_key_differs(conversation, sweep, question)
    source = copy(conversation)
    first, *others = sweep.variations
    first.change(conversation)
    conversation.save_asked()
    beside = list(copies(pane, source, others, question))
    for each in (pane, *beside) if sweep.link else ():
        each.unlink(sweep.link)
    if question is None:
        return []
    # A copy ends with the question.
    ends = [(each.conversation, each.conversation.tip) for each in beside]
    return [begin(each, end) for each, end in [(conversation, question), *ends] if end]


def copies(
    pane: Pane, source: Conversation, variations: Sequence[Variation], question: Message | None
) -> Iterator[Pane]:
    """Each beside the one before, with what was said up to the question, and linked as the first is."""
    last = pane
    for variation in variations:
        conversation = copy_settings(source)
        variation.change(conversation)
        last = add_pane(pane.comparison, conversation, after=last)
        if question:
            copy_words(question.pk, conversation)
        last.link_like(pane)
        yield last


def refuse_too_many(there: int, sweep: Sweep) -> None:
    panes = there - 1 + len(sweep.variations)
    if panes > MOST_PANES:
        raise Refused(
            f"That would be {panes} panes, and a comparison has at most {MOST_PANES}: beside the others there is room "
            f"for {MOST_PANES - there + 1} values. Take fewer, or have them as alternatives.",
            status=422,
        )


def refuse_while_running(conversation: Conversation) -> None:
    if conversation.generations.running().exists():
        raise Refused("The model is still answering here. Stop it first, or wait for the end.", status=409)


# Whether it is one


def refuse_unless_one_key_differs(conversation: Conversation, sweep: Sweep, question: Message | None) -> None:
    """Before any of it is sent."""
    refuse_unsent(conversation, sweep.parameter)
    requests = [request_with(variation, conversation, question) for variation in sweep.variations]
    labels = [variation.label for variation in sweep.variations]
    for (one, label), (other, again) in combinations(zip(requests, labels, strict=True), 2):
        if one[0] == other[0] and written(one[1]) == written(other[1]):
            words = f"“{label}” and “{again}” would send the same request, so nothing would differ."
            raise Refused(words, status=422)
    keys = differing_keys([body for _, body in requests])
    if "model" in keys or len({provider for provider, _ in requests}) > 1:
        refuse_more_than_the_model(sweep, keys - {"model"})
    elif len(keys) > 1 and keys not in PAIRS:
        words = f"These values would change {len(keys)} keys of the request: {', '.join(sorted(keys))}."
        raise Refused(f"{words} A sweep changes one.", status=422)


def refuse_more_than_the_model(sweep: Sweep, keys: set[str]) -> None:
    """Each provider has its own form for what is set, and does not take all of it."""
    if keys and not sweep.anyway:
        words = f"More than the model would differ: {', '.join(sorted(keys))}. These models do not take all the same."
        raise Refused(f"{words} Unset it, or choose to run it anyway.", status=422)


def refuse_unsent(conversation: Conversation, parameter: Parameter | None) -> None:
    if parameter is None:
        return
    known = model_of(conversation.provider, conversation.model)
    if why := reason(conversation, parameter, known.refusals if known else {}):
        words = f"{parameter.label} is not sent: {why}. So no request would differ."
        raise Refused(words, status=422)
    if parameter.name == "schema" and conversation.settings.get("response_format") != "json_schema":
        words = "A JSON schema is sent with the response format json_schema only. Choose that one first."
        raise Refused(words, status=422)


def request_with(
    variation: Variation, conversation: Conversation, question: Message | None
) -> tuple[UUID, dict[str, Any]]:
    """The provider, and what it would get."""
    with named(variation):
        varied = variation.applied_to(conversation)
        if found := contradiction(varied.settings):
            raise Refused(found[1], status=422)
        provider, body = (
            request_for(varied, question) if question else request_saying(varied, in_the_protocol(varied, []))
        )
        return provider.pk, body


@contextmanager
def named(variation: Variation) -> Iterator[None]:
    """What cannot be sent is said with its value."""
    try:
        yield
    except (Refused, Nothing) as refusal:
        words = f"{variation.label}: {refusal}"
        raise Refused(words, status=getattr(refusal, "status", 422)) from None


def differing_keys(requests: Sequence[dict[str, Any]]) -> set[str]:
    keys = {key for request in requests for key in request}
    return {key for key in keys if len({written(r[key]) if key in r else None for r in requests}) > 1}

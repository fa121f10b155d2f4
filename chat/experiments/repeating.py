"""Repeating: the very request of an answer asked again, and all the answers that it got."""

import json
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery, TextField
from django.db.models.functions import Cast

from chat.generation import begin_again
from chat.generation.begin import Job, choices_in
from chat.models import Conversation, Generation, Message, Role, Status
from chat.models.branch import NOT_SHOWN, WITH_ITS_CALL
from chat.models.message import text_of
from chat.refusals import Refused
from chat.repeats.figures import Answer, Repeats

MOST_TIMES = 20


@transaction.atomic
def repeat(answer: Message, times: int) -> list[Job]:
    """So many more answers beside this one. What the conversation shows stays as it is. Raises Nothing, Refused."""
    call = call_of(answer)
    if call.status == Status.RUNNING:
        raise Refused("The model is still answering. Stop it first, or wait for the end.", status=409)
    conversation = answer.conversation
    # Another tab may have gone on there since this answer was read.
    there = Conversation.objects.select_for_update(no_key=True)
    conversation.refresh_from_db(fields=["tip"], from_queryset=there)
    shown = conversation.tip
    jobs = [begin_again(call, answer) for _ in range(times)]
    conversation.show(shown)
    return jobs


def call_of(answer: Message) -> Generation:
    """The call that made it. Raises Refused."""
    if answer.role != Role.ASSISTANT or answer.call is None:
        raise Refused("Only an answer of a model can be repeated.", status=422)
    return answer.call


def same_requests(answer: Message) -> list[Message]:
    """This answer and those beside it whose request was the same, to the letter, in the order in which they began."""
    call = call_of(answer)
    rows = Message.objects.filter(
        conversation_id=answer.conversation_id, parent_id=answer.parent_id, deleted_at=None
    )
    beside = [
        each for each in rows.select_related(*WITH_ITS_CALL).defer(*NOT_SHOWN).order_by("pk") if each.call
    ]
    same = with_the_request_of(call, {each.call.pk for each in beside if each.call})
    return [each for each in beside if each.call and each.call.pk in same]


def with_the_request_of(call: Generation, among: Iterable[UUID]) -> set[UUID]:
    """Compared where they lie: each holds the whole conversation before it."""
    calls = Generation.objects.annotate(words=Cast("request", TextField()))
    words = calls.filter(pk=call.pk).values("words")
    return set(calls.filter(pk__in=among, url=call.url, words=Subquery(words)).values_list("pk", flat=True))


def repeats_of(messages: Iterable[Message], request: dict[str, object]) -> Repeats:
    alone = choices_in(request) == 1
    return Repeats([answer_in(message, alone=alone) for message in messages], request)


def answer_in(message: Message, *, alone: bool) -> Answer:
    """As the model gave it, whatever was edited since. A provider counts tokens for all choices of a call together."""
    call = message.call
    assert call
    return Answer(
        text=said(message),
        status=call.status,
        call=call.pk,
        finish=message.finish_reason,
        tokens=call.used.get("completion_tokens") if alone else None,
        duration=call.duration,
        first_token=call.first_token,
        # A price list that says 0 may mean free or not priced by the token.
        cost=call.spent or None,
        estimated=call.estimate is not None,
    )


def said(message: Message) -> str:
    """Its words, and below them the calls of tools."""
    parts = message.original or message.parts
    words = text_of(parts) + "".join(part["refusal"] for part in parts if part.get("type") == "refusal")
    calls = (call["function"] for call in message.tool_calls)
    called = "\n".join(f"{each['name']}({canonical(each['arguments'])})" for each in calls)
    return f"{words}\n{called}".strip("\n") if called else words


def canonical(arguments: str) -> str:
    """JSON with its keys in order and no space to differ in; as it is if it is none."""
    try:
        return json.dumps(json.loads(arguments), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments

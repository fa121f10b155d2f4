"""Going on with an answer: what comes is a span of its own, that can be asked for again or dropped."""

from django.db import transaction

from chat.models import Conversation, Message, Role
from chat.models.branch import head_of, in_order, newest_leaf, steps_to
from chat.models.message import text_part
from chat.models.turn import grouped, kept
from chat.refusals import Refused

from .begin import NO_TEXT, Job, begin


def go_on(answer: Message) -> Job:
    """The model of the conversation goes on from where this message ends. Raises Nothing, Refused."""
    # What would be sent may end with another answer above it.
    if not sent_of(answer).strip():
        raise Refused(NO_TEXT, status=409)
    return begin(answer.conversation, answer, continues=True)


def sent_of(answer: Message) -> str:
    """The text of its turn down to it, without what is muted."""
    turn = in_order([step.id for step in kept(grouped(steps_to(answer.pk, newest=1))[-1])])
    return "" if not turn or turn[0].muted else "".join(span.text for span in turn if not span.muted)


def begin_with(conversation: Conversation, question: Message, start: str) -> Job:
    """The start of the answer is typed, and nobody is asked for it; the model goes on from there. Raises Nothing."""
    begun = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, parts=[text_part(start)]
    )
    return begin(conversation, begun, continues=True)


@transaction.atomic
def use_as_whole(span: Message) -> None:
    """What was to go on from an answer is the answer, beside the one that it was to go on from."""
    span.conversation.hold()
    span.refresh_from_db(fields=["parent", "continues"])
    if not span.continues:
        raise Refused("This is a whole answer already.", status=409)
    span.parent = head_of(span).parent
    span.continues = False
    span.save(update_fields=["parent", "continues"])
    span.conversation.show(Message.objects.get(pk=newest_leaf(span.pk)))

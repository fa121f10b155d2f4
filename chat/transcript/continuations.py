"""What a page shows of a turn beside its text: each continuation, and whether the model can go on from its end."""

from dataclasses import dataclass

from chat.completions import known_to_go_on
from chat.models import Conversation, Message, Role, Status
from chat.models.turn import began_again


@dataclass(frozen=True, slots=True)
class Continuation:
    """`began_again`: the model gave the answer from its start once more, instead of going on."""

    span: Message
    number: int
    began_again: bool


def continuations_of(head: Message) -> list[Continuation]:
    start, found = head.text, []
    for number, span in enumerate(head.spans, 1):
        again = span.status != Status.RUNNING and not head.hides and began_again(start, span.text)
        found.append(Continuation(span, number, again))
        start += span.text
    return found


def begins_again(conversation: Conversation) -> bool:
    """Whether its model is known to give an answer anew instead of going on with one."""
    provider = conversation.provider
    return provider is not None and (
        known_to_go_on(provider.dialect, provider.base_url, conversation.model) is False
    )


def can_go_on(head: Message) -> bool:
    """After the call of a tool comes the answer of the tool. Which model goes on is not told in a blind round."""
    if head.role != Role.ASSISTANT or head.muted or head.hides or head.end.status == Status.RUNNING:
        return False
    return bool(head.whole_text.strip()) and not any(span.tool_calls for span in head.turn)

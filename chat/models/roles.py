"""Who said a message, as a person may set it: what the protocol forbids is refused in words."""

from uuid import UUID

from django.db import transaction

from chat.refusals import Refused

from .branch import ids_to, path_to
from .conversation import Conversation
from .message import Message, Role

CALLS = "It calls tools, so it stays the assistant's."
ANSWERS = "It answers a call of a tool, and every call needs its answer. Edit it or delete it instead."
IN_PIECES = "This answer was gone on with, so it stays the assistant's."
HOLDS_FILES = "It holds an image or a file, which only a user message can."
NO_CALL = "A tool message answers a call, and there is no call above that has no answer."
# One answer may call many tools. Above them stands what called them.
LOOKED_BACK = 200
# What any message may hold. Annotations are never sent.
PLAIN = {"text", "annotation"}


@transaction.atomic
def change_role(message: Message, role: Role) -> None:
    """Raises Refused."""
    if role == message.role:
        return
    refuse_to_change(message, role)
    message.tool_call_id = open_call(message.conversation, message.parent_id) if role == Role.TOOL else ""
    message.role = role
    message.save(update_fields=["role", "tool_call_id"])


def refuse_to_change(message: Message, role: Role) -> None:
    if message.tool_calls:
        raise Refused(CALLS)
    if message.tool_call_id:
        raise Refused(ANSWERS)
    if message.continues or message.children.filter(continues=True, deleted_at=None).exists():
        raise Refused(IN_PIECES)
    if role != Role.USER and any(part.get("type") not in PLAIN for part in message.parts):
        raise Refused(HOLDS_FILES)


def open_call(conversation: Conversation, parent_id: UUID | None) -> str:
    """The id of the call that a message below this one would answer: the first that nothing answers on the branch that
    is shown. Raises Refused."""
    calling = next(
        (each for each in reversed(path_to(parent_id, LOOKED_BACK)) if each.role != Role.TOOL), None
    )
    ids: list[str] = [call["id"] for call in calling.tool_calls if call.get("id")] if calling else []
    shown = set(ids_to(conversation.tip_id))
    answers = conversation.messages.filter(role=Role.TOOL, tool_call_id__in=ids)
    answered = {id for pk, id in answers.values_list("pk", "tool_call_id") if pk in shown}
    found = next((id for id in ids if id not in answered), None)
    if found is None:
        raise Refused(NO_CALL)
    return found

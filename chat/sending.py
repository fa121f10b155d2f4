"""A person's words, stored, and the answer to them begun: what a first message and every later one share."""

from typing import TYPE_CHECKING

from chat.generation import begin, begin_with
from chat.generation.begin import Job
from chat.models import Conversation, Message, Role
from chat.models.message import text_part
from chat.models.rearranging import add_last
from chat.models.turn import Parts
from chat.titles import title_from

if TYPE_CHECKING:
    from chat.forms import MessageForm


def jobs_of(form: "MessageForm", conversation: Conversation, parent: Message | None) -> list[Job]:
    """What a composer holds, below `parent`: sent, or only added."""
    said = form.cleaned_data
    if said["add"]:
        return add(conversation, parent, Role(said["add"]), said["message"])
    return [send(conversation, parent, said["message"], said["start"])]


def send(
    conversation: Conversation,
    parent: Message | None,
    text: str,
    start: str = "",
    *,
    files: Parts | None = None,
) -> Job:
    """A user message below `parent`, and a running answer below that, which begins with `start`.

    `files` are parts that are not text. Raises Nothing if there is no model.
    """
    _work_on(conversation, text)
    message = Message.objects.create(
        conversation=conversation, parent=parent, role=Role.USER, parts=[text_part(text), *(files or [])]
    )
    return begin_with(conversation, message, start) if start.strip() else begin(conversation, message)


def add(conversation: Conversation, parent: Message | None, role: Role, text: str) -> list[Job]:
    """A message below `parent`, and nobody is asked."""
    _work_on(conversation, text)
    add_last(conversation, parent, role, text)
    return []


def _work_on(conversation: Conversation, text: str) -> None:
    conversation.save_asked()
    if not conversation.title:
        conversation.title = title_from(text)
        conversation.save(update_fields=["title"])

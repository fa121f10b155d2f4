"""A person's words, stored, and the answer to them begun: what a first message and every later one share."""

from chat.generation import begin, begin_with
from chat.generation.begin import Job
from chat.models import Conversation, Message, Role
from chat.models.message import text_part
from chat.titles import title_from


def send(conversation: Conversation, parent: Message | None, text: str, start: str = "") -> Job:
    """A user message below `parent`, and a running answer below that, which begins with `start`.

    Raises Nothing if there is no model.
    """
    conversation.save_asked()
    if not conversation.title:
        conversation.title = title_from(text)
        conversation.save(update_fields=["title"])
    message = Message.objects.create(
        conversation=conversation, parent=parent, role=Role.USER, parts=[text_part(text)]
    )
    return begin_with(conversation, message, start) if start.strip() else begin(conversation, message)

"""A long conversation, put into the database of a running server."""

from uuid import UUID

from tests.servers import Server

FILL = """
from chat.models import Conversation, LanguageModel, Message
from chat.models.identifiers import new_id
from chat.who import local_owner

model = LanguageModel.objects.select_related("provider").get(name="mirror")
conversation = Conversation.objects.create(
    owner=local_owner(), title="{title}", provider=model.provider, model=model.name
)
rows = []
for number in range({length}):
    text = f"Answer {{number}}\\n\\n" + "Some **bold** words.\\n\\n" * 8 if number % 2 else f"Question {{number}}"
    rows.append(Message(
        id=new_id(), conversation=conversation, parent=rows[-1] if rows else None,
        role="assistant" if number % 2 else "user", parts=[{{"type": "text", "text": text}}],
    ))
Message.objects.bulk_create(rows)
conversation.show(rows[-1])
print("made", conversation.pk, rows[{place}].pk)
"""


def put_long_talk(server: Server, title: str, length: int, place: int = 0) -> tuple[str, UUID]:
    """Questions and answers in turn. Returns its path and the id of the message at this place."""
    said = server.manage("shell", "-c", FILL.format(title=title, length=length, place=place))
    _, conversation, message = said.splitlines()[-1].split()
    return f"/c/{conversation}/", UUID(message)

import pytest

from chat.models import Conversation, Message, Role

from .taking import say


@pytest.fixture
def forked(conversation: Conversation) -> dict[str, Message]:
    """A question with two answers, each of them gone on with. The second branch is shown."""
    ask = say(conversation, None, "ask")
    one = say(conversation, ask, "one", Role.ASSISTANT)
    two = say(conversation, ask, "two", Role.ASSISTANT)
    below_one = say(conversation, one, "below one")
    below_two = say(conversation, two, "below two")
    conversation.show(below_two)
    return {"ask": ask, "one": one, "two": two, "below one": below_one, "below two": below_two}

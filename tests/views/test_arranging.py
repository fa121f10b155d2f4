"""Adding, moving, muting and saying who said it: what is changed without asking a model."""


import pytest

from chat.models import Conversation
from tests.upstream import Upstream

from .asking import Browser, branch, talk, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


async def shown_by(browser: Browser, conversation: Conversation) -> str:
    """What a page of it says that it holds."""
    page = await branch(conversation)
    return " ".join(f"{message.pk}:{message.state}" for message in page)


def test_a_message_is_added_above_without_asking(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        have = await shown_by(browser, conversation)
        response = await browser.command(
            f"/messages/{question.pk}/additions/", side="above", role="system", text="Be kind", have=have
        )
        assert response.status_code == 200, response.content
        assert await texts(conversation) == ["Be kind", "Hi", "Hi"]
        assert len(upstream.requests) == 1
        assert f"#message-{question.pk}" in response.content.decode()

    visit(conversation.owner, act)

"""A repeat as the page asks for it, of one answer or in a comparison."""

from typing import Any

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Message
from chat.models.copying import copy_settings, copy_words

from .asking import Browser


async def repeat(browser: Browser, answer: Message, times: Any = 3, **form: Any) -> Any:
    return await browser.command(f"/messages/{answer.pk}/repeats/", times=times, **form)


def beside(conversation: Conversation, words: bool = True) -> Comparison:
    comparison = compare(
        conversation.owner, [conversation, copy_settings(conversation), copy_settings(conversation)]
    )
    _, second, _ = comparison.shown_panes()
    if words:
        conversation.refresh_from_db()
        copy_words(conversation.tip_id, second.conversation)
    return comparison

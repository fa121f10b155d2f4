"""A sweep as the page asks for it, and what is there before and after."""

import html
import re
from typing import Any

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Generation, Message, Pane
from chat.models.copying import copy_settings

from .asking import Browser


def beside(conversation: Conversation) -> Comparison:
    """A comparison in which it stands first, with its settings linked to those of the other."""
    return compare(conversation.owner, [conversation, copy_settings(conversation)])


async def sweep(browser: Browser, comparison: Comparison, conversation: Any, **form: Any) -> Any:
    usual = {"kind": "parameter", "parameter": "temperature", "values": "0, 0.5, 1", "as": "panes"}
    return await browser.command(
        f"/compare/{comparison.pk}/sweep/", **{**usual, "conversation": conversation.pk, **form}
    )


def refusal_in(response: Any) -> str:
    assert 'class="refusal"' in response.content.decode()
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", response.content.decode())).strip()


def as_it_is(comparison: Comparison) -> list[Any]:
    fields = ("position", "linked_input", "linked_settings", "linked_system_prompt", "conversation__settings")
    panes = Pane.objects.filter(comparison=comparison).order_by("position")
    return [*panes.values_list(*fields), Message.objects.count(), Generation.objects.count()]

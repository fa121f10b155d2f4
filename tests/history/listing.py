"""Entries of the history, and its pages as they are read."""

from typing import Any

from chat.comparisons.panes import compare
from chat.history import HistoryPage, page_of
from chat.models import Comparison, Conversation, Message


def talk(user: Any, title: str = "A talk", **fields: Any) -> Conversation:
    """A conversation with a message: one without is not in the history."""
    conversation = Conversation.objects.create(owner=user, title=title, **fields)
    conversation.show(Message.objects.create(conversation=conversation, role="user"))
    return conversation


def compared(user: Any, title: str = "Compared", count: int = 2, **fields: Any) -> Comparison:
    comparison = compare(
        user, [Conversation(owner=user, title=f"Pane of {title}") for _ in range(count)], title
    )
    for pane in comparison.shown_panes():
        pane.conversation.show(Message.objects.create(conversation=pane.conversation, role="user"))
    Comparison.objects.filter(pk=comparison.pk).update(**fields)
    return Comparison.objects.get(pk=comparison.pk)


def titles(page: HistoryPage) -> list[str]:
    return [conversation.title for _, group in page.groups for conversation in group]


def walked(user: Any, query: str = "") -> list[str]:
    """The titles of all pages, one after the other."""
    page = page_of(user, query=query)
    seen = titles(page)
    while page.after:
        page = page_of(user, page.after, query)
        seen += titles(page)
    return seen

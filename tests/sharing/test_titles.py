"""A title that was made from words goes where these go, and nowhere else."""

import pytest
from django.utils import timezone

from chat.comparisons.panes import compare, compare_chat, remove_pane
from chat.models import Comparison, Conversation, Message, Role
from chat.models.branching import Scope, branch_off
from chat.sharing.options import Options
from chat.sharing.snapshot import take

from .taking import page, say, texts

pytestmark = pytest.mark.django_db
NAMELESS = "A shared conversation"


def test_a_title_of_hidden_words_is_not_told(conversation: Conversation, forked: dict[str, Message]) -> None:
    conversation.title = "ask"
    conversation.save()
    assert page(conversation, Options()).title == "ask"
    hidden = Options(hidden=frozenset({forked["ask"].pk}))
    assert page(conversation, hidden).title == "A shared conversation"
    named = Options(hidden=hidden.hidden, title="A name")
    assert page(conversation, named).title == "A name"


def test_nor_one_of_words_that_were_edited_away(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    forked["ask"].rewrite("other words")
    conversation.title = "ask"
    conversation.save()
    assert page(conversation, Options(hidden=frozenset({forked["ask"].pk}))).title == "A shared conversation"


def titled(talk: Conversation, title: str) -> str:
    """What a reader sees of this title."""
    Conversation.objects.filter(pk=talk.pk).update(title=title)
    shown: str = page(talk, Options()).title
    return shown


def test_nor_is_what_the_words_were_before_they_were_edited(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    forked["ask"].rewrite("other words")
    assert titled(conversation, "ask") == NAMELESS
    assert titled(conversation, "other words") == "other words"


def test_nor_one_of_deleted_words_whoever_says_them_now(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    forked["ask"].delete_for_now()
    assert titled(conversation, "ask") == NAMELESS
    Message.objects.filter(pk=forked["ask"].pk).update(role=Role.SYSTEM)
    assert titled(conversation, "ask") == NAMELESS
    assert titled(conversation, "A name of my own") == "A name of my own"


def test_nor_one_of_words_on_another_branch_unless_they_are_said_here_too(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    assert titled(conversation, "below one") == NAMELESS
    forked["below two"].rewrite("below one\nand more")
    assert titled(conversation, "below one") == "below one"


def test_the_title_of_a_branch_is_told_where_its_words_are_shown(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    """What it was made from may have stayed behind: nobody here knows it."""
    Conversation.objects.filter(pk=conversation.pk).update(title="ask")
    source = Message.objects.select_related("conversation").get(pk=forked["below two"].pk)
    branch, _ = branch_off(source, Scope.PATH)
    assert branch.title == "ask (branch)"
    assert page(branch, Options()).title == "ask (branch)"
    forked["ask"].delete_for_now()
    without, _ = branch_off(source, Scope.PATH)
    assert texts(without, Options()) == ["two", "below two"]
    assert page(without, Options()).title == NAMELESS


def test_nor_one_of_the_hidden_start_of_an_answer_in_a_copy(conversation: Conversation) -> None:
    """Somebody typed it, whoever is said to say it."""
    conversation.show(say(conversation, None, "ask", Role.ASSISTANT))
    Conversation.objects.filter(pk=conversation.pk).update(title="ask")
    conversation.refresh_from_db()
    _, pane = compare_chat(conversation).shown_panes()
    copy = pane.conversation
    copied = copy.messages.get(copy_of__isnull=False)
    copy.show(say(copy, copied, "and more"))
    assert page(copy, Options()).title == "ask"
    assert page(copy, Options(hidden=frozenset({copied.pk}))).title == NAMELESS


def test_nor_one_of_words_that_were_deleted_where_a_copy_came_from(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    assert titled(conversation, "ask") == "ask"
    forked["ask"].delete_for_now()
    conversation.refresh_from_db()
    _, pane = compare_chat(conversation).shown_panes()
    assert texts(pane.conversation, Options()) == ["two", "below two"]
    assert titled(pane.conversation, "ask") == NAMELESS
    assert titled(pane.conversation, "A name of my own") == "A name of my own"


def test_nor_one_of_words_in_a_pane_that_was_removed(conversation: Conversation) -> None:
    owner = conversation.owner
    comparison = compare(owner, [Conversation(owner=owner) for _ in range(3)], "ask")
    first, *others = comparison.shown_panes()
    first.conversation.show(say(first.conversation, None, "ask"))
    for pane in others:
        pane.conversation.show(say(pane.conversation, None, "something else"))

    def title() -> str:
        told: str = take(Comparison.objects.get(), Options(), timezone.now()).snapshot["title"]
        return told

    assert title() == "ask"
    remove_pane(first)
    assert title() == "A shared comparison"

"""A file of ours that somebody else wrote, or changed: what can be kept is kept, the rest is told."""

from typing import Any

import pytest

from chat.imports.own import is_own, read_comparison, read_conversation
from chat.imports.storing import store
from chat.models import Conversation, Message, Prompt

pytestmark = pytest.mark.django_db
ODD: list[Any] = [None, 7, 1.5, True, "text", [], [[]], {}, {"a": {"b": []}}, [None, 7, "x", {"role": 7}]]


def test_a_file_of_ours_says_so() -> None:
    assert is_own({"format": "playground", "version": 9})
    assert not is_own({"format": "else"})
    assert not is_own([])


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "name",
    [
        "title", "notes", "system_prompt", "prompt", "provider", "model", "settings", "variables", "budget", "pinned",
        "archived", "folder", "tags", "created_at", "active_at", "tip", "messages",
    ],
)  # fmt: skip
def test_no_value_of_a_conversation_stops_the_reading(alice: Any, name: str, odd: Any) -> None:
    transfer = store(alice, [read_conversation({"title": "Kept", name: odd})])
    assert transfer.status == "finished"
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "name",
    [
        "number", "parent", "role", "parts", "reasoning", "tool_calls", "tool_call_id", "finish_reason", "logprobs",
        "original", "muted", "starred", "continues", "facts", "created_at",
    ],
)  # fmt: skip
def test_no_value_of_a_message_stops_the_reading(alice: Any, name: str, odd: Any) -> None:
    message = {"number": 1, "role": "user", "parts": [{"type": "text", "text": "Kept"}], name: odd}
    store(alice, [read_conversation({"messages": [message]})])
    assert Message.objects.count() == 1


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["title", "panes"])
def test_no_value_of_a_comparison_stops_the_reading(alice: Any, name: str, odd: Any) -> None:
    for written in ({name: odd}, {"panes": [odd, {"conversation": odd, "linked_input": odd}]}):
        assert store(alice, [read_comparison(written)]).status == "finished"


def test_what_is_something_else_is_told() -> None:
    talk = read_conversation({"title": 7, "pinned": 1, "messages": [{"role": "user", "parts": "text"}, 7]})
    assert talk.notices == [
        f"“{name}” could not be read and was left out." for name in ("parts", "pinned", "role", "title")
    ]


def test_a_message_below_itself_or_below_one_that_is_not_there_stands_at_the_beginning(alice: Any) -> None:
    said = [
        {"number": 1, "parent": 2, "role": "user"},
        {"number": 2, "parent": 1, "role": "user"},
        {"number": 3, "parent": 3, "role": "user"},
        {"number": 4, "parent": 99, "role": "user"},
    ]
    transfer = store(alice, [read_conversation({"messages": said})])
    assert Message.objects.filter(parent=None).count() == 3
    assert "hung on one that is not there" in str(transfer.report)


def test_a_saved_prompt_that_is_here_is_used_and_one_that_is_not_comes_along(alice: Any) -> None:
    variables = [{"name": "tongue", "type": "text", "default": "", "required": True, "choices": []}]
    written = {"name": "Translator", "text": "Into {{tongue}}", "variables": variables}
    talk = {"system_prompt": "Into {{tongue}}", "prompt": written, "variables": {"tongue": "Welsh"}}
    store(alice, [read_conversation(talk), read_conversation(talk)])
    first, second = Conversation.objects.order_by("pk")
    assert first.instructions() == "Into Welsh"
    assert first.prompt_version == second.prompt_version
    assert Prompt.objects.of(alice).count() == 0
    store(alice, [read_conversation(talk | {"prompt": written | {"text": 7}})])
    last = Conversation.objects.latest("pk")
    assert last.instructions() == "Into {{tongue}}"
    assert last.transfer
    assert "saved prompt could not be read" in str(last.transfer.report)

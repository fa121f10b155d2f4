"""Claude's conversations.json, written by hand in the form that it has."""

from typing import Any

from chat.imports import claude
from chat.imports.cleaning import moment

from .told import is_in_order, one, shown, text, told, tree

NOBODY = "00000000-0000-4000-8000-000000000000"
AT = "2025-03-01T10:00:00.123456Z"


def message(uuid: str, sender: str, *content: Any, **more: Any) -> dict[str, Any]:
    blocks = [
        {"type": "text", "text": each, "citations": []} if isinstance(each, str) else each for each in content
    ]
    return {
        "uuid": uuid, "text": "", "content": blocks, "sender": sender, "created_at": AT, "updated_at": AT,
        "attachments": [], "files": [], **more,
    }  # fmt: skip


def conversation(*messages: Any, **more: Any) -> dict[str, Any]:
    return {
        "uuid": "c", "name": "Weather", "summary": "", "created_at": AT, "updated_at": "2025-03-02T10:00:00+02:00",
        "account": {"uuid": "me"}, "chat_messages": list(messages), **more,
    }  # fmt: skip


def test_a_row_without_parents() -> None:
    talk = claude.read(
        conversation(
            message("1", "human", "Rain?"), message("2", "assistant", "Yes."), message("3", "human", "Sure?")
        )
    )
    assert tree(talk) == [("user", "Rain?", None), ("assistant", "Yes.", "Rain?"), ("user", "Sure?", "Yes.")]
    assert shown(talk) == ["Rain?", "Yes.", "Sure?"]
    assert (talk.title, talk.created_at, talk.active_at) == (
        "Weather",
        moment(AT),
        moment("2025-03-02T08:00:00Z"),
    )
    assert talk.messages[0].created_at == moment(AT)
    assert talk.notices == []


def test_branches_by_their_parents() -> None:
    talk = claude.read(
        conversation(
            message("q", "human", "Rain?", parent_message_uuid=NOBODY),
            message("a", "assistant", "Yes.", parent_message_uuid="q"),
            message("b", "assistant", "No.", parent_message_uuid="q"),
            message("r", "human", "Why?", parent_message_uuid="a"),
            current_leaf_message_uuid="b", model="claude-sonnet-4", is_starred=True,
        )
    )  # fmt: skip
    assert {(role, said, above) for role, said, above in tree(talk)} == {
        ("user", "Rain?", None), ("assistant", "Yes.", "Rain?"), ("assistant", "No.", "Rain?"),
        ("user", "Why?", "Yes."),
    }  # fmt: skip
    assert shown(talk) == ["Rain?", "No."]
    assert (talk.model, talk.pinned) == ("claude-sonnet-4", True)


def test_thoughts_calls_and_results_in_their_order() -> None:
    blocks = [
        {"type": "thinking", "thinking": "Let me look.", "summaries": []},
        "I look. ",
        {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Rome"}},
        {
            "type": "tool_result",
            "tool_use_id": "t1",
            "name": "weather",
            "content": [{"type": "text", "text": "Sun"}],
            "is_error": False,
        },
        {"type": "token_budget"},
        "It shines.",
    ]
    talk = claude.read(
        conversation(
            message("q", "human", "Rome?"),
            message("a", "assistant", *blocks),
            message("z", "human", "Thanks"),
        )
    )
    assert tree(talk) == [
        ("user", "Rome?", None),
        ("assistant", "I look. ", "Rome?"),
        ("tool", "Sun", "I look. "),
        ("assistant", "It shines.", "Sun"),
        ("user", "Thanks", "It shines."),
    ]
    asked, gave = talk.messages[1:3]
    assert asked.reasoning == "Let me look."
    assert asked.tool_calls == [
        {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}}
    ]
    assert gave.tool_call_id == "t1"
    assert talk.notices == []


def test_a_result_that_names_no_call_is_that_of_the_call_before() -> None:
    blocks = [
        {"type": "tool_use", "id": "t1", "name": "f", "input": {}},
        {"type": "tool_result", "content": "x"},
    ]
    talk = claude.read(conversation(message("a", "assistant", *blocks)))
    assert talk.messages[1].tool_call_id == "t1"


def test_text_of_old_exports_and_attachments() -> None:
    old = {"uuid": "1", "text": "Read this", "sender": "human", "created_at": AT}
    attached = {"file_name": "notes.txt", "file_type": "txt", "file_size": 5, "extracted_content": "Hello"}
    scan = {"file_name": "scan.png", "file_uuid": "f"}
    talk = claude.read(
        conversation({**old, "attachments": [attached, {"file_name": "empty.bin"}], "files": [scan]})
    )
    assert text(talk.messages[0]) == "Read this\n\nnotes.txt:\n\nHello"
    assert (told(talk, "empty.bin"), told(talk, "scan.png")) == (1, 1)


def test_a_message_of_attachments_alone_is_kept() -> None:
    attached = {"file_name": "", "extracted_content": "A long paste"}
    talk = claude.read(
        conversation(message("1", "human", attachments=[attached]), message("2", "assistant", "Read."))
    )
    assert "A long paste" in text(talk.messages[0])
    assert talk.messages[1].parent == talk.messages[0].key


def test_what_could_not_be_kept_is_listed() -> None:
    blocks = [
        {"type": "text", "text": "See", "citations": [{"url": "https://e.test"}]},
        {"type": "image", "source": {}},
        {"type": "voice_note", "title": "Note", "text": "spoken"},
        {
            "type": "tool_result",
            "tool_use_id": "t",
            "content": [{"type": "image"}, {"type": "text", "text": "ok"}],
        },
    ]
    talk = claude.read(
        conversation(
            message("1", "ghost", *blocks),
            "no message",
            summary="In short",
            project={"uuid": "p", "name": "Sea"},
        )
    )
    for words in (
        "sources",
        "kind “image”",
        "recording",
        "only the text",
        "ghost",
        "was none",
        "summary",
        "project Sea",
    ):
        assert told(talk, words) == 1, words
    assert talk.notes == "In short"
    assert one(talk, "spoken").role == "user"
    assert is_in_order(talk)

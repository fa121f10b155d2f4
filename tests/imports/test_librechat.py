"""LibreChat's export, written by hand in its forms."""

from typing import Any

from chat.imports import librechat
from chat.imports.cleaning import moment

from .told import one, shown, text, told, tree

ROOT = "00000000-0000-0000-0000-000000000000"


def libre(id: str, parent: str, words: str, mine: bool, **more: Any) -> dict[str, Any]:
    return {
        "messageId": id, "parentMessageId": parent, "text": words, "isCreatedByUser": mine,
        "sender": "User" if mine else "GPT-4", "createdAt": "2024-05-01T10:00:00.000Z", **more,
    }  # fmt: skip


def librechat_file(messages: Any, **more: Any) -> dict[str, Any]:
    options = {
        "presetId": None,
        "model": "gpt-4",
        "temperature": 0.5,
        "promptPrefix": "Be kind.",
        "maxContextTokens": 9,
    }
    return {
        "conversationId": "c", "endpoint": "openAI", "title": "Weather", "exportAt": "10:00", "branches": True,
        "recursive": False, "options": options, "messages": messages, **more,
    }  # fmt: skip


def test_librechat_branches_and_options() -> None:
    talk = librechat.read(
        librechat_file(
            [
                libre("q", ROOT, "Rain?", True),
                libre("a", "q", "Yes.", False, model="gpt-4", tokenCount=2),
                libre(
                    "b",
                    "q",
                    "No.",
                    False,
                    error=True,
                    unfinished=True,
                    files=[{"filename": "x.png"}],
                    feedback={"rating": "up"},
                ),
            ]
        )
    )
    assert tree(talk) == [
        ("user", "Rain?", None),
        ("assistant", "Yes.", "Rain?"),
        ("assistant", "No.", "Rain?"),
    ]
    assert shown(talk) == ["Rain?", "No."]
    assert (talk.provider, talk.model, talk.system_prompt) == ("openAI", "gpt-4", "Be kind.")
    assert talk.settings == {"temperature": 0.5}
    assert one(talk, "Yes.").facts == {"model": "gpt-4", "usage": {"completion_tokens": 2}}
    assert one(talk, "No.").finish_reason == "stopped"
    assert talk.messages[0].created_at == moment("2024-05-01T10:00:00Z")
    for words in ("maxContextTokens", "x.png", "had failed", "rating"):
        assert told(talk, words) == 1, words


def test_librechat_as_a_tree_of_children() -> None:
    deep = libre("a", "q", "Yes.", False, children=[libre("w", "a", "Why?", True)])
    nodes = [libre("q", ROOT, "Rain?", True, children=[deep, libre("b", "q", "No.", False)])]
    talk = librechat.read(librechat_file(nodes, recursive=True))
    assert [role_text[:2] for role_text in tree(talk)] == [
        ("user", "Rain?"), ("assistant", "Yes."), ("user", "Why?"), ("assistant", "No."),
    ]  # fmt: skip


def test_librechat_parts() -> None:
    content = [
        {"type": "think", "think": "Hm"},
        {
            "type": "tool_call",
            "tool_call": {"id": "t", "name": "weather", "args": '{"city": "Rome"}', "output": "Sun"},
        },
        {"type": "text", "text": {"value": "It shines."}},
        {"type": "image_file", "image_file": {}},
        {"type": "error", "error": "overloaded"},
    ]
    talk = librechat.read(librechat_file([libre("a", ROOT, "", False, content=content)]))
    assert [(said.role, text(said)) for said in talk.messages] == [
        ("assistant", ""), ("tool", "Sun"), ("assistant", "It shines.overloaded"),
    ]  # fmt: skip
    assert (talk.messages[0].reasoning, talk.messages[1].tool_call_id) == ("Hm", "t")
    assert (told(talk, "image_file"), told(talk, "had failed")) == (1, 1)

"""ChatGPT's conversations.json, written by hand in the form that it has."""

from typing import Any

from chat.imports import chatgpt
from chat.imports.cleaning import moment

from .told import is_in_order, one, shown, text, told, tree

BEGAN = 1756000000.25


def node(
    id: str,
    parent: str | None,
    *children: str,
    role: str = "user",
    content: Any = "",
    at: float | None = None,
    **more: Any,
) -> tuple[str, dict[str, Any]]:
    about = more.pop("metadata", {})
    content = {"content_type": "text", "parts": [content]} if isinstance(content, str) else content
    message = {
        "id": id, "author": {"role": role, "name": None, "metadata": {}}, "create_time": at, "update_time": None,
        "content": content, "status": "finished_successfully", "end_turn": None, "weight": 1.0, "metadata": about,
        "recipient": "all", "channel": None, **more,
    }  # fmt: skip
    return id, {"id": id, "message": message, "parent": parent, "children": list(children)}


def root(*children: str) -> tuple[str, dict[str, Any]]:
    return "root", {"id": "root", "message": None, "parent": None, "children": list(children)}


def conversation(*nodes: tuple[str, dict[str, Any]], current: str, **more: Any) -> dict[str, Any]:
    return {
        "title": "Weather", "create_time": BEGAN, "update_time": BEGAN + 60, "mapping": dict(nodes),
        "moderation_results": [], "current_node": current, "plugin_ids": None, "conversation_id": "c",
        "conversation_template_id": None, "gizmo_id": None, "is_archived": False, "is_starred": None, "safe_urls": [],
        "default_model_slug": "gpt-5", "voice": None, "async_status": None, "id": "c", **more,
    }  # fmt: skip


def branched() -> dict[str, Any]:
    """A question, two answers, and the question asked in other words; the first answer is shown."""
    slug = {"model_slug": "gpt-5-thinking", "finish_details": {"type": "stop"}}
    return conversation(
        root("sys"),
        node(
            "sys", "root", "q", "q2", role="system", metadata={"is_visually_hidden_from_conversation": True}
        ),
        node("q", "sys", "a", "b", content="Will it rain?", at=BEGAN + 1),
        node("b", "q", role="assistant", content="No.", at=BEGAN + 9, metadata=slug),
        node("a", "q", role="assistant", content="Yes.", at=BEGAN + 2, metadata=slug),
        node("q2", "sys", "c", content="Will it snow?", at=BEGAN + 20),
        node("c", "q2", role="assistant", content="Never.", at=BEGAN + 21),
        current="a",
    )


def test_branches_roles_times_and_what_is_shown() -> None:
    talk = chatgpt.read(branched())
    assert tree(talk) == [
        ("user", "Will it rain?", None),
        ("assistant", "Yes.", "Will it rain?"),
        ("assistant", "No.", "Will it rain?"),
        ("user", "Will it snow?", None),
        ("assistant", "Never.", "Will it snow?"),
    ]
    assert shown(talk) == ["Will it rain?", "Yes."]
    assert (talk.title, talk.model, talk.notices) == ("Weather", "gpt-5", [])
    assert (talk.created_at, talk.active_at) == (moment(BEGAN), moment(BEGAN + 60))
    answer = one(talk, "Yes.")
    assert (answer.created_at, answer.facts, answer.finish_reason) == (
        moment(BEGAN + 2), {"model": "gpt-5-thinking"}, "stop",
    )  # fmt: skip


def test_pinned_and_archived() -> None:
    talk = chatgpt.read(conversation(root(), current="root", is_starred=True, is_archived=True))
    assert (talk.pinned, talk.archived, talk.messages) == (True, True, [])


def test_thoughts_become_the_reasoning_of_the_answer() -> None:
    thoughts = {
        "content_type": "thoughts",
        "thoughts": [{"summary": "Looking", "content": "At the sky."}, {"summary": "Done"}],
    }
    recap = {"content_type": "reasoning_recap", "content": "Thought for 8s"}
    talk = chatgpt.read(
        conversation(
            root("q"),
            node("q", "root", "t", content="Rain?"),
            node("t", "q", "r", role="assistant", content=thoughts),
            node("r", "t", "a", role="assistant", content=recap),
            node("a", "r", role="assistant", content="Yes."),
            current="a",
        )
    )
    assert tree(talk) == [("user", "Rain?", None), ("assistant", "Yes.", "Rain?")]
    assert one(talk, "Yes.").reasoning == "Looking\nAt the sky.\n\nDone\n\nThought for 8s"


def test_thoughts_without_an_answer_stay() -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Looking", "content": ""}]}
    talk = chatgpt.read(
        conversation(
            root("q"),
            node("q", "root", "t", content="Rain?"),
            node("t", "q", role="assistant", content=thoughts),
            current="t",
        )
    )
    assert [said.reasoning for said in talk.messages] == ["", "Looking"]
    assert talk.tip == "t"


def test_a_call_of_a_tool_and_what_it_gave() -> None:
    talk = chatgpt.read(
        conversation(
            root("q"),
            node("q", "root", "call", content="Two and two?"),
            node(
                "call",
                "q",
                "out",
                role="assistant",
                recipient="python",
                content={"content_type": "code", "language": "unknown", "text": "2+2"},
            ),
            node("out", "call", "a", role="tool", content={"content_type": "execution_output", "text": "4"}),
            node("a", "out", role="assistant", content="Four."),
            current="a",
        )
    )
    call, out = talk.messages[1], one(talk, "4")
    assert call.tool_calls == [
        {"id": "call", "type": "function", "function": {"name": "python", "arguments": '{"input": "2+2"}'}}
    ]
    assert (out.role, out.tool_call_id) == ("tool", "call")


def test_a_canvas_stands_as_its_call_and_is_told() -> None:
    text_of_it = '{"name": "Plan", "type": "document", "content": "One"}'
    talk = chatgpt.read(
        conversation(
            root("c"),
            node("c", "root", role="assistant", recipient="canmore.create_textdoc", content=text_of_it),
            current="c",
        )
    )
    assert talk.messages[0].tool_calls[0]["function"] == {
        "name": "canmore.create_textdoc",
        "arguments": text_of_it,
    }
    assert told(talk, "canvas") == 1


def test_what_is_hidden_is_kept_and_not_sent() -> None:
    hidden = {"is_visually_hidden_from_conversation": True, "is_user_system_message": True}
    context = {
        "content_type": "user_editable_context",
        "user_profile": "A sailor.",
        "user_instructions": "Be brief.",
    }
    talk = chatgpt.read(
        conversation(
            root("i"),
            node("i", "root", "q", content=context, metadata=hidden),
            node("q", "i", content="Rain?"),
            current="q",
        )
    )
    assert [(text(said), said.muted) for said in talk.messages] == [
        ("A sailor.\n\nBe brief.", True),
        ("Rain?", False),
    ]


def test_what_is_not_in_the_file_is_listed() -> None:
    parts: list[Any] = [
        "Look: ",
        {
            "content_type": "image_asset_pointer",
            "asset_pointer": "file-service://file-1",
            "width": 3,
            "height": 4,
        },
        {"content_type": "audio_transcription", "text": "as I said", "direction": "in"},
        {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_2"},
        {"content_type": "hologram"},
    ]
    about = {"citations": [{"start_ix": 0}], "attachments": [{"id": "file-3", "name": "plan.pdf"}]}
    talk = chatgpt.read(
        conversation(
            root("q"), node("q", "root", content={"content_type": "multimodal_text", "parts": parts}, metadata=about),
            current="q", gizmo_id="g-1", plugin_ids=["plugin-1"], voice="cove",
        )
    )  # fmt: skip
    assert text(talk.messages[0]) == "Look: as I said"
    for words in (
        "An image",
        "A recording",
        "hologram",
        "sources",
        "plan.pdf",
        "custom GPT",
        "plugins",
        "its voice",
    ):
        assert told(talk, words) == 1, words


def test_other_kinds_of_content_keep_their_text() -> None:
    kinds = [
        {"content_type": "tether_quote", "url": "https://e.test", "title": "E", "text": "Quoted"},
        {"content_type": "tether_browsing_display", "result": "Found", "summary": None},
        {"content_type": "system_error", "name": "Timeout", "text": "too slow"},
        {"content_type": "model_editable_context", "model_set_context": "Remembered"},
        {"content_type": "of_tomorrow", "text": "New"},
    ]  # fmt: skip
    nodes = [
        node(str(n), str(n - 1) if n else "root", role="tool", content=kind) for n, kind in enumerate(kinds)
    ]
    talk = chatgpt.read(conversation(root("0"), *nodes, current="4"))
    assert [text(said) for said in talk.messages] == [
        "E\nhttps://e.test\nQuoted",
        "Found",
        "Timeout: too slow",
        "Remembered",
        "New",
    ]
    assert told(talk, "of_tomorrow") == 1
    assert is_in_order(talk)


def test_unknown_roles_and_ends_are_kept() -> None:
    ended = {"finish_details": {"type": "max_tokens"}}
    talk = chatgpt.read(
        conversation(
            root("a"),
            node("a", "root", "b", role="assistant", content="Cut", metadata=ended),
            node("b", "a", role="narrator", content="So"),
            current="b",
        )
    )
    assert [(said.role, said.finish_reason) for said in talk.messages] == [
        ("assistant", "length"),
        ("user", ""),
    ]
    assert told(talk, "narrator") == 1

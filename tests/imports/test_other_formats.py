"""Open WebUI, LibreChat, ShareGPT and OpenAI's messages, written by hand in their forms. And which is which."""

from typing import Any

import pytest

from chat.imports import chatgpt, claude, jsonl, librechat, open_webui, sharegpt
from chat.imports.cleaning import moment
from chat.imports.formats import entries_in, format_of

from . import test_chatgpt, test_claude
from .told import is_in_order, one, shown, text, told, tree

PNG = "data:image/png;base64,AA=="


def webui(*messages: dict[str, Any], current: str = "", **more: Any) -> dict[str, Any]:
    history = {
        "messages": {each["id"]: each for each in messages},
        "currentId": current or messages[-1]["id"],
    }
    chat = {
        "title": "Weather",
        "models": ["llama3"],
        "history": history,
        "messages": [],
        "tags": [],
        **more.pop("chat", {}),
    }
    return {
        "id": "1", "user_id": "u", "title": "Weather", "chat": chat, "created_at": 1700000000, "updated_at": 1700000100,
        "share_id": None, "archived": False, "pinned": False, "meta": {}, "folder_id": None, **more,
    }  # fmt: skip


def web(id: str, parent: str | None, role: str, content: Any, *children: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "parentId": parent, "childrenIds": list(children), "role": role, "content": content,
        "timestamp": 1700000001, **more,
    }  # fmt: skip


def test_open_webui_branches_settings_and_facts() -> None:
    talk = open_webui.read(
        webui(
            web("q", None, "user", "Rain?", "a", "b"),
            web("a", "q", "assistant", "Yes.", model="llama3", usage={"prompt_tokens": 3, "completion_tokens": 2}),
            web("b", "q", "assistant", "No.", model="qwen"),
            current="a", pinned=True, archived=True, meta={"tags": ["weather"]},
            chat={"params": {"temperature": 0.2, "mirostat": 1, "system": "Be brief.", "seed": None}},
        )
    )  # fmt: skip
    assert tree(talk) == [
        ("user", "Rain?", None),
        ("assistant", "Yes.", "Rain?"),
        ("assistant", "No.", "Rain?"),
    ]
    assert shown(talk) == ["Rain?", "Yes."]
    assert (talk.system_prompt, talk.model) == ("Be brief.", "llama3")
    assert talk.settings == {"temperature": 0.2, "mirostat": 1}
    assert (talk.pinned, talk.archived, talk.tags) == (True, True, ["weather"])
    assert (talk.created_at, talk.messages[0].created_at) == (moment(1700000000), moment(1700000001))
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    assert one(talk, "Yes.").facts == {"model": "llama3", "usage": usage}


def test_open_webui_thoughts_between_tags() -> None:
    thought = (
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n'
        "&gt; A &amp; B\n&gt; C\n</details>\nYes."
    )
    talk = open_webui.read(webui(web("a", None, "assistant", thought)))
    assert (talk.messages[0].reasoning, text(talk.messages[0])) == ("A & B\nC", "Yes.")


def test_open_webui_output_in_its_order() -> None:
    output = [
        {"type": "reasoning", "content": [{"type": "output_text", "text": "Hm"}]},
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Rome"}'},
        {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "Sun"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It shines."}]},
        {"type": "web_search_call"},
    ]
    talk = open_webui.read(
        webui(web("q", None, "user", "Rome?", "a"), web("a", "q", "assistant", "…", output=output))
    )
    assert [(said.role, text(said)) for said in talk.messages] == [
        ("user", "Rome?"), ("assistant", ""), ("tool", "Sun"), ("assistant", "It shines."),
    ]  # fmt: skip
    assert (talk.messages[1].reasoning, talk.messages[2].tool_call_id) == ("Hm", "c1")
    assert told(talk, "web_search_call") == 1


def test_open_webui_files_and_what_is_listed() -> None:
    files = [
        {"type": "image", "url": PNG},
        {"type": "image", "url": "/api/v1/files/1"},
        {"type": "file", "name": "a.pdf"},
    ]
    talk = open_webui.read(
        webui(
            web("q", None, "user", "Look", files=files),
            web("a", "q", "assistant", "", error={"content": "overloaded"}, sources=[{}], annotation={"rating": 1}),
            web("t", "q", "assistant", '<details type="tool_calls" name="f">x</details>'),
            folder_id="f", share_id="s", chat={"files": [{"name": "b.pdf"}]},
        )
    )  # fmt: skip
    assert talk.messages[0].parts[1] == {"type": "image_url", "image_url": {"url": PNG}}
    for words, times in (
        ("attached file", 3),
        ("overloaded", 1),
        ("sources", 1),
        ("rating", 1),
        ("folder", 1),
        ("shared", 1),
        ("call of a tool", 1),
    ):
        assert told(talk, words) == times, words


def test_open_webui_in_a_row() -> None:
    row = {
        "title": "Old",
        "models": ["m"],
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
    }
    talk = open_webui.read(row)
    assert tree(talk) == [("user", "Hi", None), ("assistant", "Ho", "Hi")]
    assert shown(talk) == ["Hi", "Ho"]


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


def test_sharegpt() -> None:
    turns = [
        {"from": "system", "value": "Be brief."},
        {"from": "human", "value": "Rome?"},
        {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Rome"}}'},
        {"from": "observation", "value": "Sun"},
        {"from": "gpt", "value": "It shines.", "loss": True},
        {"from": "ghost", "value": "Boo"},
    ]
    talk = sharegpt.read({"id": "x", "conversations": [*turns, "none"], "tools": "[]"})
    assert talk.system_prompt == "Be brief."
    assert [(said.role, text(said)) for said in talk.messages] == [
        ("user", "Rome?"), ("assistant", ""), ("tool", "Sun"), ("assistant", "It shines."), ("user", "Boo"),
    ]  # fmt: skip
    assert talk.messages[1].tool_calls[0]["function"] == {"name": "weather", "arguments": '{"city": "Rome"}'}
    assert talk.messages[2].tool_call_id == "call-0"
    for words in ("loss", "ghost", "tools", "was none"):
        assert told(talk, words) == 1, words
    assert is_in_order(talk)


def test_openai_messages() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}
    lines = [
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "name": "ann",
            "content": [{"type": "text", "text": "Rome?"}, {"type": "image_url", "image_url": {"url": PNG}}],
        },
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "Sun"},
        {"role": "assistant", "content": "It shines.", "reasoning_content": "Hm", "weight": 0},
        {"role": "user", "content": "And?"},
        {"role": "assistant", "refusal": "No.", "content": None},
    ]
    talk = jsonl.read(
        {
            "messages": lines,
            "model": "gpt-4o",
            "temperature": 1,
            "stop": "END",
            "tools": [{"type": "function"}],
            "store": True,
        }
    )
    assert (talk.system_prompt, talk.model) == ("Be brief.", "gpt-4o")
    assert talk.settings == {"temperature": 1, "stop": ["END"], "extra": {"tools": [{"type": "function"}]}}
    assert [(said.role, text(said)) for said in talk.messages] == [
        ("user", "Rome?<image_url>"), ("assistant", ""), ("tool", "Sun"), ("assistant", "It shines."), ("user", "And?"),
        ("assistant", "No."),
    ]  # fmt: skip
    assert (talk.messages[1].tool_calls, talk.messages[2].tool_call_id) == ([call], "c1")
    assert talk.messages[3].reasoning == "Hm"
    for words in ("weight", "ann", "store"):
        assert told(talk, words) == 1, words


def test_openai_function_calls_of_old_and_a_line_of_a_batch() -> None:
    body = {
        "model": "m",
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}},
        "messages": [
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": "1"},
        ],
    }  # fmt: skip
    talk = jsonl.read({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body})
    assert talk.messages[0].tool_calls[0]["function"] == {"name": "f", "arguments": "{}"}
    assert (talk.messages[1].role, talk.messages[1].tool_call_id) == ("tool", "call-0")
    assert talk.settings == {"response_format": "json_schema", "schema": {"type": "object"}}


EACH = [
    (chatgpt, test_chatgpt.branched()),
    (claude, test_claude.conversation(test_claude.message("1", "human", "Hi"))),
    (open_webui, webui(web("q", None, "user", "Hi"))),
    (open_webui, {"title": "T", "history": {"messages": {}}}),
    (librechat, librechat_file([libre("q", ROOT, "Hi", True)])),
    (sharegpt, {"conversations": [{"from": "human", "value": "Hi"}]}),
    (jsonl, {"messages": [{"role": "user", "content": "Hi"}]}),
    (None, {"name": "something"}),
    (None, {"messages": []}),
    (None, {"messages": "x", "conversationId": 1}),
    (None, ["a"]),
    (None, 5),
]


@pytest.mark.parametrize(("format", "value"), EACH)
def test_a_format_is_known_by_what_stands_in_it(format: Any, value: Any) -> None:
    assert format_of(value) is format


@pytest.mark.parametrize("name", ["conversations", "data", "chats", "items"])
def test_a_list_may_stand_in_an_object(name: str) -> None:
    inner = [test_claude.conversation(test_claude.message("1", "human", "Hi")), {"strange": 1}]
    assert [format for format, _ in entries_in({"account": {}, name: inner})] == ["claude"]

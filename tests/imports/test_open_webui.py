"""Open WebUI's export, written by hand in its forms."""

from typing import Any

from chat.imports import open_webui
from chat.imports.cleaning import moment

from .told import one, shown, text, told, tree

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

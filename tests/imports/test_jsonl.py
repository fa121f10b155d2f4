"""Lines of OpenAI's messages, written by hand in their forms."""

from chat.imports import jsonl

from .test_open_webui import PNG
from .told import text, told


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

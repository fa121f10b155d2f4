"""ShareGPT's turns, written by hand."""

from chat.imports import sharegpt

from .told import is_in_order, text, told


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

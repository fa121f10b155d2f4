import json

import pytest

from chat.completions import DIALECTS, build_chat_body
from chat.completions.request import encode_body

MESSAGES = [{"role": "user", "content": "hi"}]


def test_a_parameter_that_is_not_set_is_not_sent():
    body = build_chat_body("together", "m", MESSAGES, {})
    assert body == {"model": "m", "messages": MESSAGES, "stream": True}


def test_the_keys_come_in_the_order_in_which_people_read_them():
    body = build_chat_body("openai", "m", MESSAGES, {"max_tokens": 5, "temperature": 0})
    assert list(body)[:3] == ["model", "messages", "stream"]
    assert body["temperature"] == 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_usage_is_asked_for_only_where_that_is_needed(dialect):
    streamed = build_chat_body(dialect, "m", MESSAGES, {})
    assert ("stream_options" in streamed) == DIALECTS[dialect].asks_for_usage
    assert "stream_options" not in build_chat_body(dialect, "m", MESSAGES, {}, stream=False)


def test_half_characters_and_huge_numbers_can_be_sent():
    body = {"text": "\ud83d", "number": 2**70}
    assert json.loads(encode_body(body)) == body

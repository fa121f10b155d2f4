"""Which format it is, by what stands in it."""

from typing import Any

import pytest

from chat.imports import chatgpt, claude, jsonl, librechat, open_webui, sharegpt
from chat.imports.formats import entries_in, format_of

from . import test_chatgpt, test_claude
from .test_librechat import ROOT, libre, librechat_file
from .test_open_webui import web, webui

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

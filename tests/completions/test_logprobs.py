import pytest

from chat.completions import Logprobs, TokenLogprob
from tests.upstream import Script, events, reply

from .asking import BODY, STOP, Heard, ask, chunk


def tokens(heard: Heard) -> list[TokenLogprob]:
    assert heard.error is None
    return [token for event in heard.of(Logprobs) for token in event.tokens]


def with_logprobs(text: str, logprobs: object, **more: object) -> Script:
    choice = {"index": 0, "delta": {"content": text, "token_id": 4356}, "logprobs": logprobs, **more}
    return events({"choices": [choice]}, STOP)


def test_the_format_of_openai_is_read(upstream):
    content = [
        {"token": "Yes", "logprob": -0.12, "bytes": [89, 101, 115],
         "top_logprobs": [{"token": "Yes", "logprob": -0.12}, {"token": "No", "logprob": -2.4}]},
        {"token": " \\xc3", "logprob": -9999.0, "bytes": None, "top_logprobs": []},
    ]  # fmt: skip
    heard = ask(upstream, with_logprobs("Yes", {"content": content, "refusal": None}))
    assert tokens(heard) == [
        TokenLogprob("Yes", -0.12, None, (89, 101, 115), (("Yes", -0.12), ("No", -2.4))),
        TokenLogprob(" \\xc3", -9999.0),
    ]


def test_the_format_of_together_streams_is_read(upstream):
    top = {" York": -0.000002, " Orleans": -13.1}
    heard = ask(upstream, with_logprobs(" York", -0.000002, top_logprobs=top))
    assert tokens(heard) == [TokenLogprob(" York", -0.000002, 4356, None, tuple(top.items()))]


@pytest.mark.parametrize(
    ("top", "first"),
    [([{"New": -0.4}, {" York": 0}], (("New", -0.4),)), ({"New": -0.4}, (("New", -0.4),)), (None, ())],
)
def test_the_parallel_lists_of_together_are_read(upstream, top, first):
    logprobs = {
        "tokens": ["New", None, " York"],
        "token_logprobs": [-0.4, None, None],
        "token_ids": [3648, 1, 4356],
    }
    choice = {"message": {"content": "New York"}, "finish_reason": "length"}
    script = reply(200, {"choices": [choice | {"logprobs": logprobs | {"top_logprobs": top}}]})
    found = tokens(ask(upstream, script, body=BODY | {"stream": False}))
    assert [(token.token, token.logprob, token.id) for token in found] == [
        ("New", -0.4, 3648),
        (" York", None, 4356),
    ]
    assert found[0].top == first


def test_the_lists_of_text_completions_are_read(upstream):
    logprobs = {"tokens": ["The", " quick"], "token_logprobs": [None, -6.1], "top_logprobs": [None, {" quick": -6.1}],
                "text_offset": [0, 3]}  # fmt: skip
    script = events({"choices": [{"text": "The quick", "logprobs": logprobs, "finish_reason": "stop"}]})
    assert tokens(ask(upstream, script, path="/completions")) == [
        TokenLogprob("The", None),
        TokenLogprob(" quick", -6.1, None, None, ((" quick", -6.1),)),
    ]


def test_a_token_at_the_top_level_counts_only_if_logprobs_were_asked_for(upstream):
    old = {
        "choices": [{"delta": {"content": " Four"}}],
        "token": {"id": 7032, "text": " Four", "logprob": -0.0072},
    }
    assert tokens(ask(upstream, events(old, STOP))) == []
    heard = ask(upstream, events(old, STOP), body=BODY | {"logprobs": 1})
    assert tokens(heard) == [TokenLogprob(" Four", -0.0072, 7032)]


def test_numbers_that_json_does_not_know_become_unknown(upstream):
    content = '[{"token":"a","logprob":NaN},{"token":"b","logprob":-Infinity}]'
    data = '{"choices":[{"delta":{"content":"a"},"logprobs":{"content":' + content + "}}]}"
    assert [token.logprob for token in tokens(ask(upstream, events(data, STOP)))] == [None, None]


@pytest.mark.parametrize(
    "logprobs", [{}, [], "x", {"content": None}, {"tokens": "x"}, {"content": [None, 3]}, True]
)
def test_odd_logprobs_are_ignored(upstream, logprobs):
    heard = ask(upstream, with_logprobs("a", logprobs))
    assert tokens(heard) == []
    assert heard.text() == "a"


def test_logprobs_that_came_to_nothing_are_none(upstream):
    assert tokens(ask(upstream, events(chunk(content="a"), STOP))) == []

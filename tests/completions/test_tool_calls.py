import json

import pytest

from chat.completions import ToolCall
from tests.upstream import events, reply

from .asking import BODY, STOP, Heard, ask, chunk

OSLO, ROME = '{"city":"Oslo"}', '{"city":"Rome"}'


def call(name=None, arguments=None, **more):
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {"function": function, **more}


def calls(heard: Heard) -> list[tuple[str, str, str]]:
    """Id, name and arguments of each call, put together as a reader of the events would."""
    assert heard.error is None
    found: dict[int, list[str]] = {}
    for event in heard.of(ToolCall):
        known = found.setdefault(event.index, ["", "", ""])
        known[0], known[1] = event.id or known[0], event.name or known[1]
        known[2] += event.arguments
    assert list(found) == list(range(len(found)))
    return [(id, name, arguments) for id, name, arguments in found.values()]


TWO = [("a", "weather", OSLO), ("b", "weather", ROME)]

DEVIATIONS = {
    "fragments": (
        [call("weather", "", index=0, id="a", type="function"), call(arguments='{"ci', index=0),
         call(arguments='ty":"Oslo"}', index=0), call("weather", "", index=1, id="b"), call(arguments=ROME, index=1)],
        TWO,
    ),
    "whole": ([call("weather", OSLO, index=0, id="a"), call("weather", ROME, index=1, id="b")], TWO),
    "no index": ([call("weather", OSLO, id="a"), call("weather", ROME, id="b")], TWO),
    "no index, in fragments": (
        [call("weather", "", id="a"), call(arguments=OSLO), call("weather", "", id="b"), call(arguments=ROME)], TWO,
    ),
    "index always 0": ([call("weather", OSLO, index=0, id="a"), call("weather", ROME, index=0, id="b")], TWO),
    "index always 0, in fragments": (
        [call("weather", '{"city":', index=0, id="a"), call("", '"Oslo"}', index=0, id="a"),
         call("weather", '{"city":', index=0, id="b"), call("", '"Rome"}', index=0, id="b")],
        TWO,
    ),
    "a new id on every fragment": (
        [call("weather", "", index=0, id="a"), call(arguments='{"city":', index=0, id="x"),
         call(arguments='"Oslo"}', index=0, id="y"), call("weather", ROME, index=1, id="b")],
        TWO,
    ),
    "one call repeated at several indexes": (
        [call("weather", OSLO, index=0, id="a"), call("weather", OSLO, index=1, id="a"),
         call("weather", ROME, index=2, id="b")],
        TWO,
    ),
    "an empty name on every fragment": (
        [call("weather", "", index=0, id="a"), call("", '{"city":', index=0), call("", '"Oslo"}', index=0),
         call("weather", ROME, index=1, id="b")],
        TWO,
    ),
    "the name on every fragment": (
        [call("weather", '{"city":', index=0, id="a"), call("weather", '"Oslo"}', index=0, id="a"),
         call("weather", ROME, index=1, id="b")],
        TWO,
    ),
    "a late name": (
        [call(arguments='{"city":', index=0, id="a"), call("weather", '"Oslo"}', index=0),
         call("weather", ROME, index=1, id="b")],
        TWO,
    ),
    "a late id": (
        [call("weather", '{"city":', index=0), call(arguments='"Oslo"}', index=0, id="a"),
         call("weather", ROME, index=1, id="b")],
        TWO,
    ),
    "arguments as an object": (
        [call("weather", {"city": "Oslo"}, index=0, id="a")], [("a", "weather", '{"city": "Oslo"}')],
    ),
    "no arguments": ([call("now", "", index=0, id="a")], [("a", "now", "{}")]),
    "arguments are null": (
        [{"id": "a", "index": 0, "function": {"name": "now", "arguments": None}}], [("a", "now", "{}")],
    ),
    "broken arguments": ([call("weather", '{"city":', index=0, id="a")], [("a", "weather", '{"city":')]),
    "interleaved": (
        [call("weather", '{"city":', index=0, id="a"), call("weather", '{"city":', index=1, id="b"),
         call(arguments='"Oslo"}', index=0), call(arguments='"Rome"}', index=1)],
        TWO,
    ),
    "odd indexes": ([call("weather", OSLO, index=7, id="a"), call("weather", ROME, index=3, id="b")], TWO),
}  # fmt: skip


@pytest.mark.parametrize(("fragments", "expected"), DEVIATIONS.values(), ids=DEVIATIONS)
def test_calls_are_put_together_whatever_their_fragments_look_like(upstream, fragments, expected):
    chunks = [chunk(tool_calls=[fragment]) for fragment in fragments]
    heard = ask(upstream, events(*chunks, chunk(finish="tool_calls")))
    assert calls(heard) == expected
    assert heard.finish() == "tool_calls"


@pytest.mark.parametrize("id", [None, ""])
def test_a_call_without_an_id_gets_one(upstream, id):
    fragments = [call("weather", OSLO, id=id), call("clock", "{}", id=id)]
    heard = ask(upstream, events(chunk(tool_calls=fragments), STOP))
    (first, name, arguments), (second, other, _) = calls(heard)
    assert (name, arguments, other) == ("weather", OSLO, "clock")
    assert first.startswith("call_")
    assert first != second


def test_several_calls_in_one_chunk_are_all_read(upstream):
    fragments = [call("weather", OSLO, index=0, id="a"), call("weather", ROME, index=1, id="b")]
    assert calls(ask(upstream, events(chunk(tool_calls=fragments), STOP))) == TWO


def test_calls_of_a_whole_answer_are_apart_even_without_ids(upstream):
    message = {"content": None, "tool_calls": [call("weather", OSLO), call("weather", ROME)]}
    heard = ask(upstream, reply(200, {"choices": [{"message": message, "finish_reason": "tool_calls"}]}),
                body=BODY | {"stream": False})  # fmt: skip
    assert [found[1:] for found in calls(heard)] == [found[1:] for found in TWO]


@pytest.mark.parametrize("finish", ["stop", "eos", "end_turn", "whatever"])
def test_a_turn_with_calls_is_a_tool_turn_whatever_the_finish_says(upstream, finish):
    heard = ask(
        upstream, events(chunk(tool_calls=[call("now", "{}", index=0, id="a")]), chunk(finish=finish))
    )
    assert heard.finish() == "tool_calls"


def test_calls_that_were_cut_off_are_cut_off(upstream):
    heard = ask(
        upstream, events(chunk(tool_calls=[call("now", '{"a', index=0, id="a")]), chunk(finish="length"))
    )
    assert heard.finish() == "length"


@pytest.mark.parametrize("odd", [None, [], [None], ["x"], [3], {}, "x"])
def test_odd_calls_on_text_chunks_are_ignored(upstream, odd):
    heard = ask(upstream, events(chunk(content="x", tool_calls=odd), STOP))
    assert calls(heard) == []
    assert (heard.text(), heard.finish()) == ("x", "stop")


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"function": None},
        {"function": "x"},
        {"index": "0", "id": 3, "function": {"name": 5, "arguments": [1]}},
    ],
)
def test_a_call_of_odd_types_does_not_crash(upstream, odd):
    heard = ask(upstream, events(chunk(tool_calls=[odd]), STOP))
    assert len(calls(heard)) == 1


def test_the_old_function_call_is_read(upstream):
    heard = ask(upstream, events(
        chunk(function_call={"name": "weather", "arguments": '{"city":'}),
        chunk(function_call={"arguments": '"Oslo"}'}),
        chunk(finish="function_call"),
    ))  # fmt: skip
    assert [found[1:] for found in calls(heard)] == [("weather", OSLO)]


def test_text_and_calls_of_one_turn_are_both_kept(upstream):
    heard = ask(
        upstream, events(chunk(content="Let me see."), chunk(tool_calls=[call("now", "{}", id="a")]), STOP)
    )
    assert heard.text() == "Let me see."
    assert calls(heard) == [("a", "now", "{}")]


def test_long_arguments_in_tiny_fragments_take_no_long_time(upstream):
    text = json.dumps({"text": "}" * 5000})
    fragments = [chunk(tool_calls=[call("f", piece, index=0, id=f"id{n}")]) for n, piece in enumerate(text)]
    assert calls(ask(upstream, events(*fragments, STOP))) == [("id0", "f", text)]


def test_calls_of_two_choices_do_not_mix(upstream):
    heard = ask(upstream, events(
        chunk(0, tool_calls=[call("weather", OSLO, index=0, id="a")]),
        chunk(1, tool_calls=[call("weather", ROME, index=0, id="b")]),
        chunk(0, finish="tool_calls"),
        chunk(1, finish="tool_calls"),
    ))  # fmt: skip
    assert [(event.choice, event.index, event.id) for event in heard.of(ToolCall)] == [
        (0, 0, "a"),
        (1, 0, "b"),
    ]

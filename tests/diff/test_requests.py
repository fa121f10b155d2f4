"""What differs between two requests: exact, by its path, each message beside its own, and bounded if hostile."""

import json
import time
from typing import Any

import pytest

from chat.diff.requests import MOST_MESSAGES, MOST_VALUES, RequestDiff, compare
from chat.diff.values import LONGEST, Changed

SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "n", "schema": {"properties": {"x": {"type": "string"}}}},
}


def say(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def tool(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **more}}


def values(a: Any, b: Any) -> list[tuple[str, str | None, str | None]]:
    return [(value.path, value.a, value.b) for value in compare(a, b).values]


def turns(found: RequestDiff) -> list[tuple[int | None, int | None]]:
    return [(each.a and each.a.number, each.b and each.b.number) for each in found.messages]  # type: ignore[misc]


# Values


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({}, {}, []),
        ({"temperature": 0.7}, {"temperature": 0.7}, []),
        ({"temperature": 0.7}, {"temperature": 1}, [("temperature", "0.7", "1")]),
        ({"temperature": 1}, {"temperature": 1.0}, [("temperature", "1", "1.0")]),
        ({"logprobs": True}, {"logprobs": 1}, [("logprobs", "true", "1")]),
        ({"x": None}, {}, [("x", "null", None)]),
        ({}, {"seed": 7}, [("seed", None, "7")]),
        ({"model": "a", "seed": 7}, {"seed": 7, "model": "b"}, [("model", '"a"', '"b"')]),
        ({"stop": ["a"]}, {"stop": ["a", "b"]}, [("stop", '["a"]', '["a", "b"]')]),
        ({"x": {}}, {"x": {"y": []}}, [("x.y", None, "[]")]),
        ({"x": {"y": 1}}, {"x": [1]}, [("x", '{"y": 1}', "[1]")]),
        ({"response_format": SCHEMA}, {}, [("response_format", json.dumps(SCHEMA), None)]),
    ],
)
def test_a_value_that_differs_is_told_as_it_was_sent(a: Any, b: Any, expected: Any) -> None:
    assert values(a, b) == expected
    assert values(b, a) == [(path, there, here) for path, here, there in expected]


def test_nested_values_are_told_by_their_path() -> None:
    other = json.loads(json.dumps(SCHEMA).replace('"string"', '"number"'))
    [changed] = values({"response_format": SCHEMA}, {"response_format": other})
    assert changed == ("response_format.json_schema.schema.properties.x.type", '"string"', '"number"')


def test_the_order_of_keys_in_a_schema_is_a_difference_and_that_of_the_parameters_is_none() -> None:
    a, b = {"x": {"p": 1, "q": 2}, "seed": 1}, {"seed": 1, "x": {"q": 2, "p": 1}}
    assert values(a, b) == [("x.(order)", '["p", "q"]', '["q", "p"]')]


def test_what_is_the_same_in_both_is_named() -> None:
    found = compare({"model": "m", "seed": 1, "stream": True}, {"stream": True, "seed": 2, "model": "m"})
    assert found.same == ["model", "stream"]
    assert not found.is_same
    assert compare({"model": "m"}, {"model": "m"}).is_same


def test_a_tool_more_is_that_tool_and_not_all_after_it() -> None:
    a = {"tools": [tool("search"), tool("time", strict=True)]}
    b = {"tools": [tool("weather"), tool("search"), tool("time")]}
    assert values(a, b) == [
        ("tools.0", None, json.dumps(tool("weather"))),
        ("tools.1→2.function.strict", "true", None),
    ]


def test_a_long_value_is_shown_from_where_it_differs() -> None:
    there, here = "x" * 5000 + "one" + "y" * 5000, "x" * 5000 + "two" + "y" * 5000
    [(_, a, b)] = values({"extra": there}, {"extra": here})
    assert a is not None
    assert b is not None
    assert "one" in a
    assert "two" in b
    assert a.endswith("… (10,005 characters)")
    assert len(a) < LONGEST + 40


def test_a_long_value_that_goes_on_where_the_other_ends_shows_its_end() -> None:
    [(_, a, b)] = values({"extra": "x" * 1000}, {"extra": "x" * 1000 + "end"})
    assert a != b
    assert b is not None
    assert "end" in b


# Messages


def test_messages_that_differ_stand_beside_one_another() -> None:
    a = {
        "messages": [
            say("system", "Be brief."),
            say("user", "Hi"),
            say("assistant", "A"),
            say("user", "More"),
        ]
    }
    b = {
        "messages": [
            say("system", "Be brief."),
            say("user", "Hi"),
            say("assistant", "B"),
            say("user", "More"),
        ]
    }
    found = compare(a, b)
    [message] = found.messages
    assert (message.role, message.texts, message.rest) == ("assistant", ("A", "B"), [])
    assert turns(found) == [(3, 3)]
    assert found.same_messages == 3
    assert found.values == []


def test_a_system_prompt_of_one_side_moves_none_of_the_others() -> None:
    talk = [say("user", "Hi"), say("assistant", "Hello")]
    found = compare({"messages": talk}, {"messages": [say("system", "Be brief."), *talk]})
    assert turns(found) == [(None, 1)]
    assert found.same_messages == 2


def test_another_system_prompt_and_another_question_are_not_mixed() -> None:
    found = compare({"messages": [say("user", "Hi")]}, {"messages": [say("system", "S"), say("user", "Ho")]})
    assert [(each.role, each.texts) for each in found.messages] == [
        ("system", ("", "S")),
        ("user", ("Hi", "Ho")),
    ]


def test_a_longer_conversation_has_the_rest_of_it_alone() -> None:
    talk = [say("user", "1"), say("assistant", "2"), say("user", "3")]
    found = compare({"messages": talk[:1]}, {"messages": talk})
    assert turns(found) == [(None, 2), (None, 3)]


def test_the_same_words_in_another_shape_are_no_same_request() -> None:
    text, parts = say("user", "ab"), say("user", [{"type": "text", "text": "ab"}])
    cut = say("user", [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])
    for a, b in ((text, parts), (parts, cut)):
        [message] = compare({"messages": [a]}, {"messages": [b]}).messages
        assert message.texts == ("ab", "ab")
        assert message.rest


def test_what_is_not_text_in_a_message_is_told_beside_its_words() -> None:
    def asked(image: str, words: str) -> dict[str, Any]:
        parts = [{"type": "text", "text": words}, {"type": "image_url", "image_url": {"url": image}}]
        return {"messages": [say("user", parts)]}

    [message] = compare(
        asked("data:image/png;base64,AA", "What?"), asked("data:image/png;base64,AB", "Who?")
    ).messages
    assert message.texts == ("What?", "Who?")
    [rest] = message.rest
    assert rest.path == "content.1.image_url.url"
    assert (rest.a, rest.b) == ('"data:image/png;base64,AA"', '"data:image/png;base64,AB"')


def test_a_call_of_a_tool_is_told_of_a_message_that_stands_alone() -> None:
    call = say("assistant", None, tool_calls=[{"id": "1", "function": {"name": "f", "arguments": "{}"}}])
    [message] = compare({"messages": []}, {"messages": [call]}).messages
    assert [value.path for value in message.rest] == ["content", "tool_calls"]
    [plain] = compare({"messages": []}, {"messages": [say("user", "Hi", name="Ann")]}).messages
    assert plain.rest == [Changed("name", None, '"Ann"')]


@pytest.mark.parametrize("messages", ["Hi", None, {"role": "user"}, 7])
def test_messages_that_are_none_are_a_value_like_others(messages: Any) -> None:
    found = compare({"messages": messages}, {"messages": [say("user", "Hi")]})
    assert [value.path for value in found.values] == ["messages"]
    assert found.messages == []


def test_what_is_no_message_can_stand_among_messages() -> None:
    found = compare({"messages": ["Hi", 1, None]}, {"messages": ["Ho", 1, None, [2]]})
    assert found.same_messages == 2
    assert [message.rest[0].path for message in found.messages] == ["message", "message"]


# Hostile


def nested(depth: int, end: Any, kind: str) -> Any:
    for _ in range(depth):
        end = {"x": end} if kind == "object" else [end, {}]
    return end


@pytest.mark.parametrize(("kind", "begun"), [("object", '{"x": {"x": '), ("list", "[[[")])
@pytest.mark.parametrize("depth", [200, 20_000])
def test_what_is_nested_deep_is_walked_to_its_end(kind: str, begun: str, depth: int) -> None:
    a, b = ({"extra": nested(depth, end, kind)} for end in (1, 2))
    [(path, here, there)] = values(a, b)
    assert path.startswith("extra.")
    assert (here, there) == ("1", "2")
    [(path, here, there)] = values(a, {})
    assert (path, there) == ("extra", None)
    assert here
    assert here.startswith("nested too deep to be shown" if depth > 1000 else begun)


LARGE = 1_000_000
HOSTILE: dict[str, tuple[Any, Any]] = {
    "one long text": ({"x": "a" * LARGE}, {"x": "a" * LARGE + "b"}),
    "many keys": ({f"k{n}": n for n in range(100_000)}, {f"k{n}": -n for n in range(100_000)}),
    "many messages": (
        {"messages": [say("user", f"{n} a") for n in range(20_000)]},
        {"messages": [say("user", f"{n} b") for n in range(20_000)]},
    ),
    "messages that go round": (
        {"messages": [say(*pair) for pair in (("user", "a"), ("assistant", "b")) * 5_000]},
        {"messages": [say(*pair) for pair in (("assistant", "b"), ("user", "a"), ("user", "c")) * 3_000]},
    ),
    "lists in lists": (
        {"x": nested(800, ["a" * LARGE, [1]], "list")},
        {"x": nested(800, ["a" * LARGE, [2]], "list")},
    ),
    "long keys": ({"k" * LARGE: 1}, {"j" * LARGE: 1}),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_requests_take_seconds_and_a_page(case: str) -> None:
    begun = time.process_time()
    found = compare(*HOSTILE[case])
    assert time.process_time() - begun < 20, "quadratic would be hours"
    assert not found.is_same
    assert len(found.values) <= MOST_VALUES
    assert len(found.messages) <= MOST_MESSAGES
    shown = [text for value in found.values for text in (value.path, value.a or "", value.b or "")]
    assert sum(map(len, shown)) < 3 * MOST_VALUES * (LONGEST + 50)


def test_what_is_not_listed_is_counted() -> None:
    found = compare({f"k{n}": n for n in range(500)}, {})
    assert len(found.values) + found.more_values == 500
    found = compare({"messages": [say("user", str(n)) for n in range(120)]}, {"messages": []})
    assert len(found.messages) + found.more_messages == 120

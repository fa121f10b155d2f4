import json
from typing import Any

import pytest

from chat.demo.ngram import Language
from tests.demo import events
from tests.demo.checker import check
from tests.demo.conftest import Client

NOTICE = "*This answer is a script, not a model.*"
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    "required": ["city"],
}


def tool(name: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters or WEATHER}}


def message(client: Client, text: str = "Hello", **body: Any) -> dict[str, Any]:
    response = client.show(text, **body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["choices"][0]["message"]
    return found


def names(client: Client, text: str = "Hello", **body: Any) -> list[str]:
    return [call["function"]["name"] for call in message(client, text, **body)["tool_calls"]]


def test_its_first_line_says_that_it_is_a_script(client: Client) -> None:
    for text in ("Hello", "a table", "code", "math"):
        assert message(client, text)["content"].startswith(NOTICE)


def test_the_tour_has_markdown_of_every_kind(client: Client) -> None:
    content = message(client)["content"]
    for mark in (
        "## ",
        "**",
        "> ",
        "- [x]",
        "   - ",
        "| Left",
        ":-------:",
        "```python",
        "```sql",
        "$$",
        "![",
        "](https",
    ):
        assert mark in content
    assert 200 < len(content.split()) < 400


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("Show a table", "| Left", "```"),
        ("some CODE please", "```python", "$$"),
        ("math", "$$", "| Left"),
        ("a list", "- [x]", "$$"),
        ("an image", "![", "$$"),
    ],
)
def test_a_keyword_gives_a_shorter_answer_of_its_kind(
    client: Client, text: str, has: str, lacks: str
) -> None:
    content = message(client, text)["content"]
    assert has in content
    assert lacks not in content


def test_reasoning_comes_first_and_says_what_it_is(client: Client) -> None:
    choices = events.choices(client.show(stream=True))
    kinds = [next(iter(choice["delta"].keys() - {"role"}), "") for choice in choices]
    spoken = [kind for kind in kinds[1:] if kind]
    assert spoken == sorted(spoken, reverse=True)  # "reasoning" before "content"
    assert set(spoken) == {"reasoning", "content"}
    assert message(client)["reasoning"].startswith("This is a script, not a model")


@pytest.mark.parametrize(
    "off",
    [{"reasoning": {"enabled": False}}, {"reasoning": {"effort": "none"}}, {"reasoning_effort": "none"}],
)
def test_reasoning_can_be_switched_off(client: Client, off: dict[str, Any]) -> None:
    answer = client.show(**off).json()
    assert "reasoning" not in answer["choices"][0]["message"]
    assert answer["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0


def test_usage_counts_reasoning_and_text(client: Client, language: Language) -> None:
    answer = client.show().json()
    said, usage = answer["choices"][0]["message"], answer["usage"]
    reasoning, content = (len(language.tokenizer.encode(said[part])) for part in ("reasoning", "content"))
    assert usage["completion_tokens_details"]["reasoning_tokens"] == reasoning
    assert usage["completion_tokens"] == reasoning + content


def test_a_small_limit_may_end_in_the_reasoning(client: Client) -> None:
    choice = client.show(max_tokens=5).json()["choices"][0]
    assert choice["finish_reason"] == "length"
    assert choice["message"]["content"] == ""
    assert choice["message"]["reasoning"]


def test_a_limit_of_exactly_its_length_is_no_cut(client: Client) -> None:
    length = client.show("math").json()["usage"]["completion_tokens"]
    assert client.show("math", max_tokens=length).json()["choices"][0]["finish_reason"] == "stop"
    assert client.show("math", max_tokens=length - 1).json()["choices"][0]["finish_reason"] == "length"


def test_stop_cuts_the_text_but_not_the_reasoning(client: Client) -> None:
    said = message(client, stop=["script, not a m"])
    assert said["content"] == "*This answer is a "
    assert "script, not a model" in said["reasoning"]


def test_choices_of_a_script_are_the_same(client: Client) -> None:
    one, two = client.show(n=2).json()["choices"]
    assert one["message"] == two["message"]


def test_sampling_controls_are_said_to_have_no_effect(client: Client) -> None:
    content = message(client, temperature=1.5, top_k=3)["content"]
    assert "`temperature`, `top_k`" in content
    assert "no effect on a script" in content
    assert "no effect" not in message(client)["content"]


def test_a_stream_says_what_a_whole_answer_says(client: Client) -> None:
    assert events.content(client.show(stream=True)) == message(client)["content"]


def test_a_script_is_certain_of_every_token(client: Client) -> None:
    choice = client.show("math", logprobs=True, top_logprobs=5).json()["choices"][0]
    tokens = choice["logprobs"]["content"]
    assert {token["logprob"] for token in tokens} == {0.0}
    assert all(len(token["top_logprobs"]) == 1 for token in tokens)


def test_a_tool_is_called_with_valid_arguments(client: Client) -> None:
    said = message(client, "How warm is Oslo?", tools=[tool("get_weather")])
    [call] = said["tool_calls"]
    assert said["content"] is None
    assert json.loads(call["function"]["arguments"])["city"] == "Oslo"


def test_two_places_are_two_calls_unless_forbidden(client: Client) -> None:
    body = {"text": "How warm are Oslo and Rome?", "tools": [tool("get_weather")]}
    calls = message(client, **body)["tool_calls"]
    assert [json.loads(call["function"]["arguments"])["city"] for call in calls] == ["Oslo", "Rome"]
    assert len({call["id"] for call in calls}) == 2
    assert len(message(client, **body, parallel_tool_calls=False)["tool_calls"]) == 1


def test_the_tools_that_the_question_names_are_called(client: Client) -> None:
    tools = [tool("search"), tool("get_weather"), tool("convert")]
    assert names(client, "the weather, then convert it", tools=tools) == ["get_weather", "convert"]
    assert names(client, "hello", tools=tools) == ["search"]


def test_a_forced_tool_is_the_one_that_is_called(client: Client) -> None:
    tools = [tool("search"), tool("convert")]
    forced = {"type": "function", "function": {"name": "convert"}}
    assert names(client, "search", tools=tools, tool_choice=forced) == ["convert"]
    assert names(client, "search", tools=tools, tool_choice="required") == ["search"]


def test_no_tool_is_called_when_none_is_chosen(client: Client) -> None:
    said = message(client, tools=[tool("search")], tool_choice="none")
    assert "tool_calls" not in said
    assert said["content"].startswith(NOTICE)


def test_streamed_calls_come_in_fragments(client: Client) -> None:
    body = {"text": "Oslo and Rome, or Oslo or Rome?", "tools": [tool("get_weather")]}
    stream = events.choices(client.show(**body, stream=True, reasoning_effort="none"))
    fragments = [call for choice in stream for call in choice["delta"].get("tool_calls", [])]
    heads = [fragment for fragment in fragments if "id" in fragment]
    assert [head["index"] for head in heads] == list(range(len(heads)))
    for head in heads:
        parts = [part["function"]["arguments"] for part in fragments if part["index"] == head["index"]]
        assert len(parts) > 3
        check(WEATHER, json.loads("".join(parts)))
    assert stream[-1]["finish_reason"] == "tool_calls"


def test_a_tool_without_parameters_gets_an_empty_object(client: Client) -> None:
    bare = {"type": "function", "function": {"name": "now"}}
    assert message(client, tools=[bare])["tool_calls"][0]["function"]["arguments"] == "{}"


def test_tool_results_are_quoted(client: Client) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Look"},
        {"role": "assistant", "content": None, "tool_calls": [call, {**call, "id": "c2"}]},
        {"role": "tool", "tool_call_id": "c2", "content": "two\nlines"},
        {"role": "tool", "tool_call_id": "c1", "content": "one"},
    ]
    content = message(client, messages=messages, tools=[tool("look")])["content"]
    assert "> two\n> lines" in content
    assert "> one" in content
    assert "tool_calls" not in message(client, messages=messages, tools=[tool("look")])


def test_a_tool_with_an_impossible_schema_is_refused(client: Client) -> None:
    broken = tool("look", {"properties": {"x": {"type": "string", "pattern": "a"}}, "required": ["x"]})
    response = client.show(tools=[broken])
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "tools.look.parameters"


def test_json_object_is_an_object(client: Client) -> None:
    value = json.loads(message(client, response_format={"type": "json_object"})["content"])
    assert value["question"] == "Hello"


@pytest.mark.parametrize(
    "form",
    [
        {"type": "json_schema", "json_schema": {"name": "weather", "schema": WEATHER}},
        {"type": "json_schema", "schema": WEATHER},
    ],
)
def test_json_schema_is_a_valid_instance(client: Client, form: dict[str, Any]) -> None:
    check(WEATHER, json.loads(message(client, response_format=form)["content"]))


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"type": "regex", "pattern": "(yes|no)"}, "response_format"),
        ({"type": "xml"}, "response_format.type"),
        ({"type": "json_schema"}, "response_format.schema"),
        ({"type": "json_schema", "json_schema": {"name": "x"}}, "response_format.json_schema.schema"),
    ],
)
def test_other_formats_are_refused(client: Client, form: dict[str, Any], param: str) -> None:
    response = client.show(response_format=form)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == param


def test_an_earlier_image_does_not_change_a_later_answer(client: Client) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    messages = [
        {"role": "user", "content": [image]},
        {"role": "assistant", "content": "Seen."},
        {"role": "user", "content": "math"},
    ]
    assert "$$" in message(client, messages=messages)["content"]


def test_it_ignores_the_start_of_an_answer_and_begins_again(client: Client) -> None:
    """As many models do: so there is one to see what the page makes of that."""
    begun = [{"role": "user", "content": "a table"}, {"role": "assistant", "content": NOTICE + "\n\n### A"}]
    response = client.show(messages=begun)
    assert response.json()["choices"][0]["message"]["content"].startswith(NOTICE)

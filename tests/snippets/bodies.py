"""Bodies of requests: what people really send, and what they could send at worst."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

NASTY = [
    "'", '"', "'''", '"""', "`", "\\", "\\\\", "\\n", "\\'", '\\"', "\\`", "\\u0041", "\\x41", "\\N{BULLET}", "\\0",
    "\n", "\r", "\r\n", "\n\n", "\t", "\v", "\f", "\b", "\0", "\x1b[31m", "\x7f", "\x85", "\xa0", "\xad", "$", "${x}",
    "$HOME", "$(id)", "`id`", "{x}", "{{x}}", "%s", "%d", "#", "!!", "!$", "~", "*", "//", "/*", "*/", "-- ", ";", "&",
    "JSON", "\nJSON\n", "EOF", "\nEOF\n", "@file", "</script>", "</SCRIPT >", "<!--", "]]>", "-->", "é", "e\u0301",
    "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0010ffff",
    "\U000f0000", "\ud83d", "\udc00", "👩‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "漢字", "עברית", "123n", "null", "", " ", "  \n  ",
]  # fmt: skip
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
    "rkJggg=="
)
NUMBERS = [
    0, 1, -1, 0.0, -0.0, 1.0, 0.1, 1e-8, 1e-7, 1.5e300, 5e-324, 1e16, 1e21, 1e22, 2**31, 2**53 - 1, 2**53, 2**53 + 1,
    -(2**53) - 1, 2**63, 2**64 + 1, 10**30, 9007199254740993.0, 123456789.123456789,
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=12).map("".join),
    st.lists(st.sampled_from(["One line of a prompt that is not so short, ", "\n", *NASTY])).map("".join),
    st.text(),
)
numbers = st.one_of(
    st.sampled_from(NUMBERS),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-9, 9),
)
scalars = st.none() | st.booleans() | numbers | texts
keys = texts | st.sampled_from(
    ["__proto__", "constructor", "toJSON", "class", "1", "007", "a-b", "größe", "then"]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)

schemas = st.fixed_dictionaries(
    {
        "type": st.just("object"),
        "properties": st.dictionaries(keys, st.dictionaries(texts, values, max_size=2), max_size=3),
    },
    optional={"required": st.lists(texts, max_size=3), "additionalProperties": st.booleans()},
)
functions = st.fixed_dictionaries(
    {"name": texts},
    optional={"description": texts, "parameters": schemas, "strict": st.booleans() | st.none()},
)
tools = st.lists(
    st.fixed_dictionaries({"type": st.just("function"), "function": functions}), min_size=1, max_size=3
)
formats = st.one_of(
    st.sampled_from([{"type": "text"}, {"type": "json_object"}]),
    st.fixed_dictionaries({
        "type": st.just("json_schema"),
        "json_schema": st.fixed_dictionaries({"name": texts, "schema": schemas}),
    }),
)  # fmt: skip

parts = st.one_of(
    texts.map(lambda text: {"type": "text", "text": text}),
    st.just({"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}),
    st.binary(max_size=40).map(
        lambda data: {"type": "input_audio", "input_audio": {"data": data.hex(), "format": "wav"}}
    ),
)
calls = st.lists(
    st.fixed_dictionaries({
        "id": texts,
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": texts, "arguments": texts}),
    }),
    min_size=1, max_size=2,
)  # fmt: skip
messages = st.one_of(
    st.fixed_dictionaries({"role": st.just("system"), "content": texts}),
    st.fixed_dictionaries({"role": st.just("user"), "content": texts | st.lists(parts, max_size=3)}),
    st.fixed_dictionaries({"role": st.just("assistant"), "content": st.none() | texts, "tool_calls": calls}),
    st.fixed_dictionaries({"role": st.just("tool"), "tool_call_id": texts, "content": texts}),
)

known = {
    "temperature": numbers, "top_p": numbers, "top_k": numbers, "min_p": numbers, "max_tokens": numbers,
    "max_completion_tokens": numbers, "repetition_penalty": numbers, "presence_penalty": numbers, "seed": numbers,
    "frequency_penalty": numbers, "stop": texts | st.lists(texts, max_size=4), "n": st.sampled_from([1, 2]),
    "logit_bias": st.dictionaries(st.integers(0, 200_000).map(str), numbers, max_size=4),
    "logprobs": st.booleans() | st.integers(0, 20), "top_logprobs": st.integers(0, 20), "echo": st.booleans(),
    "response_format": formats, "tools": tools, "user": texts, "reasoning_effort": st.sampled_from(["low", "none"]),
    "tool_choice": st.sampled_from(["auto", {"type": "function", "function": {"name": "f"}}]),
    "reasoning": st.just({"enabled": False}), "safety_model": texts,
    "metadata": st.dictionaries(texts, texts, max_size=3),
    "context_length_exceeded_behavior": st.sampled_from(["truncate", "error"]), "stream_options": values,
    "chat_template_kwargs": values, "extra_body": values, "extra_headers": values, "timeout": values, "self": values,
}  # fmt: skip
bodies = st.builds(
    lambda required, optional, extra: {**extra, **required, **optional},
    st.fixed_dictionaries(
        {"model": texts, "messages": st.lists(messages, max_size=4), "stream": st.booleans()}
    ),
    st.fixed_dictionaries({}, optional={name: kind | st.none() for name, kind in known.items()}),
    st.dictionaries(keys, values, max_size=4),
)

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city"],
}
EXAMPLE: dict[str, Any] = {
    "model": "zai-org/GLM-5.3-Flash",
    "messages": [
        {"role": "system", "content": "You answer briefly.\nYou say what you do not know."},
        {"role": "user", "content": [
            {"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": PIXEL}},
        ]},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}},
        ]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"degrees": 4}'},
        {"role": "user", "content": "".join(f"{text}\n" for text in NASTY)},
    ],
    "stream": True,
    "stream_options": {"include_usage": True},
    "temperature": 1.0,
    "min_p": 1e-8,
    "seed": 2**53 + 1,
    "stop": ["\n\n\n", "END"],
    "logit_bias": {"50256": -100, "198": 1},
    "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": WEATHER}}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "weather", "schema": WEATHER}},
    "reasoning_effort": None,
    "__proto__": {"polluted": True},
    "a key of its own": [1, [2, {"three": 3.0}], {}, []],
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "user", "content": "Say hello"}],
    "stream": True,
    "top_k": 5,
}


def made_bodies(count: int) -> list[dict[str, Any]]:
    """So many at random, another set in each run."""
    made: list[dict[str, Any]] = []

    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(bodies)
    def make(body: dict[str, Any]) -> None:
        made.append(body)

    make()
    return made


def strictly(value: Any) -> Any:
    """Comparable: 1, 1.0 and true are three things."""
    if isinstance(value, Mapping):
        return {key: strictly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strictly(item) for item in value]
    return (type(value).__name__, repr(value)) if isinstance(value, (bool, int, float)) else value


def by_value(value: Any) -> Any:
    """Comparable as JavaScript can tell: 1.0 is 1, and -0.0 is 0, but every digit counts."""
    if isinstance(value, Mapping):
        return {key: by_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [by_value(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value)).normalize() + 0
    return value

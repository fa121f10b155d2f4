from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.demo.errors import ApiError
from chat.demo.showcase.instances import instance_of
from tests.demo.checker import FORMATS, check

JSON_SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3)


@st.composite
def integers(draw: Any) -> dict[str, Any]:
    low = draw(st.integers(-1000, 1000))
    schema = {"type": "integer", "minimum": low, "maximum": low + draw(st.integers(0, 50))}
    return {key: schema[key] for key in draw(st.sets(st.sampled_from(sorted(schema)))) | {"type"}}


@st.composite
def numbers(draw: Any) -> dict[str, Any]:
    low = draw(st.integers(-100, 100)) / 8
    bounds = [{"minimum": low}, {"exclusiveMinimum": low}, {"maximum": low}, {"exclusiveMaximum": low}]
    closed = [{"minimum": low, "exclusiveMaximum": low + 0.5}, {"exclusiveMinimum": low, "maximum": low + 8}]
    steps = [{"multipleOf": 0.25}, {"multipleOf": 3, "minimum": low}, {}]
    return {"type": "number", **draw(st.sampled_from([*bounds, *closed, *steps]))}


@st.composite
def strings(draw: Any) -> dict[str, Any]:
    shortest = draw(st.integers(0, 30))
    sized = {"minLength": shortest, "maxLength": shortest + draw(st.integers(0, 5))}
    formed = {"format": draw(st.sampled_from(sorted(FORMATS)))}
    return {"type": "string", **draw(st.sampled_from([{}, sized, formed]))}


def arrays(items: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.fixed_dictionaries({}, optional={"minItems": st.integers(0, 3), "maxItems": st.integers(3, 5)})
    return st.builds(lambda item, size: {"type": "array", "items": item, **size}, items, sizes)


@st.composite
def objects(draw: Any, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    properties = draw(st.dictionaries(st.text("abc", min_size=1, max_size=3), values, max_size=4))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    extra = draw(st.sampled_from([{}, {"additionalProperties": False}]))
    return {"type": "object", "properties": properties, "required": required, **extra}


def choices(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda word, some: {word: some}, st.sampled_from(["anyOf"]), st.lists(parts, min_size=1, max_size=3)
    )


LEAVES = (
    integers()
    | numbers()
    | strings()
    | st.just({})
    | st.just({"type": "boolean"})
    | st.just({"type": "null"})
    | st.just({"type": ["string", "null"]})
    | st.builds(lambda values: {"enum": values}, st.lists(JSON_SCALARS, min_size=1, max_size=4))
    | st.builds(lambda value: {"const": value}, JSON_SCALARS)
)

SCHEMAS = st.recursive(LEAVES, lambda inner: arrays(inner) | objects(inner) | choices(inner), max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS, st.text(max_size=40))
def test_every_instance_is_valid(schema: dict[str, Any], question: str) -> None:
    check(schema, instance_of(schema, question, "schema"))


KEYWORD_NAMES = """
    type enum const properties required items prefixItems minItems maxItems uniqueItems minimum maximum
    exclusiveMinimum multipleOf minLength maxLength format anyOf oneOf allOf $ref additionalProperties a
"""
KEYWORDS = st.sampled_from(KEYWORD_NAMES.split())
ANYTHING = st.recursive(
    JSON_SCALARS
    | st.sampled_from(["string", "integer", "object", "array", "#", "#/a", 1e300, 0.1, 2**63, "date"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(KEYWORDS, ANYTHING, max_size=5))
def test_any_schema_is_met_or_refused(schema: dict[str, Any]) -> None:
    try:
        value = instance_of(schema, "Any question?", "schema")
    except ApiError:
        return
    assert orjson.dumps(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{"type": "number"}, {"type": "integer"}]},
        {"oneOf": [{"required": ["a"], "type": "object"}, {"required": ["b"], "type": "object"}]},
        {"type": "array", "uniqueItems": True, "minItems": 5, "items": {"type": "integer"}},
        {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"enum": ["a", "b", "c"]}},
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
        {"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"minimum": 3}}}]},
        {"allOf": [{"minimum": 3, "type": "number"}, {"minimum": 5, "maximum": 6}]},
        {"type": "object", "required": ["x"], "additionalProperties": {"type": "integer"}},
        {"type": "integer", "multipleOf": 7, "minimum": 50},
        {"type": "integer", "minimum": 1e300},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
        {
            "$ref": "#/$defs/a",
            "$defs": {"a": {"type": "object", "properties": {"next": {"$ref": "#/$defs/a"}}}},
        },
        {
            "$ref": "#/$defs/tree",
            "$defs": {
                "tree": {
                    "type": "object",
                    "required": ["left", "right", "leaves"],
                    "properties": {
                        "left": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]},
                        "right": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/tree"}]},
                        "leaves": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
                    },
                }
            },
        },
        {"properties": {"a": {"type": "string", "pattern": "^x$"}, "b": {"type": "integer"}}},
        True,
    ],
)
def test_harder_schemas_are_met(schema: Any) -> None:
    check(schema, instance_of(schema, "", "schema"))


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (False, "no value"),
        (5, "neither an object"),
        ({"type": "strnig"}, "does not exist"),
        ({"type": "string", "pattern": "^a$"}, "`pattern`"),
        ({"not": {}}, "`not`"),
        ({"$ref": "https://example.org/schema"}, "only `#/...`"),
        ({"$ref": "#/$defs/none"}, "not there"),
        ({"$ref": "#"}, "other references"),
        ({"type": "integer", "minimum": 5, "maximum": 4}, "no integer"),
        ({"type": "integer", "minimum": 0.2, "maximum": 0.8}, "no integer"),
        ({"type": "string", "minLength": 5, "maxLength": 4}, "length"),
        ({"type": "string", "minLength": 10**12}, "length"),
        ({"type": "array", "minItems": 10**12}, "values"),
        ({"type": "array", "minItems": 3, "uniqueItems": True, "items": {"const": 1}}, "contradict"),
        ({"type": "object", "required": ["a"], "additionalProperties": False}, "no value"),
        ({"type": "object", "required": 5}, "wrong type"),
        ({"type": "object", "properties": [1]}, "wrong type"),
        ({"type": "integer", "minimum": "one"}, "wrong type"),
        ({"type": "integer", "multipleOf": 0}, "wrong type"),
        ({"type": "object", "required": [1]}, "wrong type"),
        ({"enum": []}, "enum"),
        ({"enum": 5}, "wrong type"),
        ({"anyOf": []}, "without a list"),
        ({"oneOf": [{"type": "integer"}, {"type": "integer"}]}, "alternatives"),
        ({"required": ["a"], "properties": {"a": {"$ref": "#"}}}, "levels"),
        ({"const": 1, "type": "string"}, "contradict"),
    ],
)
def test_a_schema_that_cannot_be_met_is_refused(schema: Any, why: str) -> None:
    with pytest.raises(ApiError, match=why) as refused:
        instance_of(schema, "", "tools.look.parameters")
    assert refused.value.param == "tools.look.parameters"
    assert refused.value.status == 400


def test_a_schema_that_branches_without_end_is_refused_soon() -> None:
    levels = {
        f"a{at}": {"required": ["x"], "properties": {"x": {"oneOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2}}}
        for at in range(35)
    }
    schema = {"$ref": "#/$defs/a0", "$defs": {**levels, "a35": {"type": "null"}}}
    with pytest.raises(ApiError):
        instance_of(schema, "", "schema")


def test_strings_and_enums_take_words_of_the_question() -> None:
    schema = {"properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}}}
    made = instance_of(schema, "How warm is Oslo in fahrenheit?", "schema")
    assert made == {"city": "Oslo", "unit": "fahrenheit"}

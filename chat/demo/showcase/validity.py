"""Whether a value fits a schema. Covers the keywords that the maker of instances understands."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from chat.demo.showcase.schemas import Schema, Schemas, listed


def fits(schemas: Schemas, schema: Any, value: Any) -> bool:
    if schema is False:
        return False
    read = schemas.checked(schema)
    return (
        is_one_of_its_values(read, value)
        and has_its_type(read, value)
        and is_within(schemas, read, value)
        and meets_its_parts(schemas, read, value)
    )


def meets_its_parts(schemas: Schemas, schema: Schema, value: Any) -> bool:
    if "$ref" in schema and not fits(schemas, schemas.target(schema["$ref"]), value):
        return False
    results = {
        keyword: [fits(schemas, part, value) for part in schemas.parts(schema, keyword)]
        for keyword in ("allOf", "anyOf", "oneOf")
        if keyword in schema
    }
    return (
        all(results.get("allOf", [True]))
        and any(results.get("anyOf", [True]))
        and sum(results.get("oneOf", [1])) == 1
    )


def is_one_of_its_values(schema: Schema, value: Any) -> bool:
    if "const" in schema and not same(schema["const"], value):
        return False
    return "enum" not in schema or any(same(value, allowed) for allowed in schema["enum"])


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, at any depth."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def has_its_type(schema: Schema, value: Any) -> bool:
    return "type" not in schema or any(is_a(kind, value) for kind in listed(schema["type"]))


def is_a(kind: Any, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    kinds = {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "integer": number and float(value).is_integer(),
        "number": number,
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }
    return kinds.get(kind, False)


def is_within(schemas: Schemas, schema: Schema, value: Any) -> bool:
    if isinstance(value, str):
        return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))
    if isinstance(value, list):
        return is_array_of(schemas, schema, value)
    if isinstance(value, dict):
        return is_object_of(schemas, schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return is_number_of(schema, value)
    return True


def is_number_of(schema: Schema, value: float) -> bool:
    tests: dict[str, Callable[[Any], bool]] = {
        "minimum": lambda bound: value >= bound,
        "maximum": lambda bound: value <= bound,
        "exclusiveMinimum": lambda bound: value > bound,
        "exclusiveMaximum": lambda bound: value < bound,
        "multipleOf": lambda step: (Fraction(str(value)) / Fraction(str(step))).denominator == 1,
    }
    return all(test(schema[keyword]) for keyword, test in tests.items() if keyword in schema)


def is_array_of(schemas: Schemas, schema: Schema, value: list[Any]) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    if schema.get("uniqueItems") and any(same(a, b) for at, a in enumerate(value) for b in value[:at]):
        return False
    first = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    return all(
        fits(schemas, first[at] if at < len(first) else rest, item)
        for at, item in enumerate(value)
        if at < len(first) or rest is not True
    )


def is_object_of(schemas: Schemas, schema: Schema, value: dict[str, Any]) -> bool:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    if any(name not in value for name in schema.get("required", [])):
        return False
    if others is False and any(name not in known for name in value):
        return False
    return all(fits(schemas, known.get(name, others), item) for name, item in value.items())

"""A small checker of JSON schemas, written apart from the one in the code, to judge what that makes."""

import datetime
import ipaddress
import re
import uuid
from fractions import Fraction
from typing import Any

TYPES: dict[str, Any] = {
    "string": str, "array": list, "object": dict, "null": type(None), "boolean": bool,
}  # fmt: skip

FORMATS: dict[str, Any] = {
    "date": datetime.date.fromisoformat,
    "date-time": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "uuid": uuid.UUID,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "email": lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", text)[0],  # type: ignore[index]
    "uri": lambda text: re.fullmatch(r"[a-z]+://\S+", text)[0],  # type: ignore[index]
}


def check(schema: Any, value: Any, root: Any = None) -> None:
    """Raises AssertionError where the value is not valid."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        assert schema
        return
    if "$ref" in schema:
        check(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root)
    for part in schema.get("allOf", []):
        check(part, value, root)
    if "anyOf" in schema:
        assert passes(schema["anyOf"], value, root) >= 1
    if "oneOf" in schema:
        assert passes(schema["oneOf"], value, root) == 1
    if "const" in schema:
        assert value == schema["const"]
        assert type(value) is type(schema["const"])
    if "enum" in schema:
        assert value in schema["enum"]
    kinds = schema.get("type", [])
    if kinds:
        assert any(is_a(kind, value) for kind in ([kinds] if isinstance(kinds, str) else kinds))
    check_value(schema, value, root)


def passes(schemas: list[Any], value: Any, root: Any) -> int:
    count = 0
    for schema in schemas:
        try:
            check(schema, value, root)
        except AssertionError:
            continue
        count += 1
    return count


def is_a(kind: str, value: Any) -> bool:
    if kind in ("integer", "number"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and (kind == "number" or value == int(value))
    return isinstance(value, TYPES[kind])


def check_value(schema: Any, value: Any, root: Any) -> None:
    if isinstance(value, str):
        check_string(schema, value)
    elif isinstance(value, list):
        check_array(schema, value, root)
    elif isinstance(value, dict):
        check_object(schema, value, root)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        check_number(schema, value)


def check_string(schema: Any, value: str) -> None:
    assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9)
    if "format" in schema:
        assert has_format(schema["format"], value)


def has_format(name: str, value: str) -> bool:
    try:
        return bool(FORMATS[name](value))
    except (ValueError, TypeError):
        return False


def check_array(schema: Any, value: list[Any], root: Any) -> None:
    assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9)
    if schema.get("uniqueItems"):
        assert len({repr(item) for item in value}) == len(value)
    first = schema.get("prefixItems", [])
    for item, part in zip(value, first, strict=False):
        check(part, item, root)
    for item in value[len(first) :]:
        check(schema.get("items", True), item, root)


def check_object(schema: Any, value: dict[str, Any], root: Any) -> None:
    known = schema.get("properties", {})
    assert set(schema.get("required", [])) <= value.keys()
    for name, item in value.items():
        check(known.get(name, schema.get("additionalProperties", True)), item, root)


def check_number(schema: Any, value: float) -> None:
    assert value >= schema.get("minimum", value)
    assert value <= schema.get("maximum", value)
    if "exclusiveMinimum" in schema:
        assert value > schema["exclusiveMinimum"]
    if "exclusiveMaximum" in schema:
        assert value < schema["exclusiveMaximum"]
    if "multipleOf" in schema:
        assert (Fraction(str(value)) / Fraction(str(schema["multipleOf"]))).denominator == 1

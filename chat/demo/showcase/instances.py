"""A value that is valid for a JSON schema. Always the same one, with words of the question."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from chat.demo.errors import ApiError
from chat.demo.showcase import scalars
from chat.demo.showcase.schemas import Schema, Schemas, listed
from chat.demo.showcase.subjects import subjects
from chat.demo.showcase.validity import fits, same

MOST_VALUES = 2000  # in one instance
DEEPEST = 40
FULL_DEPTH = 4  # below it only what is required is made
USUAL_ITEMS = 2
MOST_TRIES = 20  # for an item unlike the others
SIMPLE = ("null", "boolean", "integer", "number", "string", "array", "object")


def instance_of(schema: Any, question: str, path: str) -> Any:
    """Raises ApiError, naming `path`, for a schema that is malformed, contradictory or not supported."""
    schemas = Schemas(schema, path)
    try:
        value = Maker(schemas, question).make(schema)
        valid = fits(schemas, schema, value)
        orjson.dumps(value)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError):
        raise schemas.refused("has a keyword of the wrong type, or a value that JSON cannot carry") from None
    except RecursionError:
        raise schemas.refused("never comes to an end") from None
    if not valid:
        raise schemas.refused(
            "cannot be satisfied: its keywords contradict each other, as far as a script sees"
        )
    return value


class Maker:
    def __init__(self, schemas: Schemas, question: str) -> None:
        self._schemas = schemas
        self._question = question
        self._words = subjects(question) or ["example"]
        self._made = 0

    def make(self, schema: Any, depth: int = 0, variant: int = 0) -> Any:
        """`variant` asks for another value than the variants before it."""
        self._made += 1
        if self._made > MOST_VALUES or depth > DEEPEST:
            raise self._schemas.refused(f"needs more than {MOST_VALUES} values or {DEEPEST} levels")
        read = self._schemas.read(schema)
        if depth == 0 and "type" not in read and "properties" in read:
            read = {**read, "type": "object"}
        return self._first_that_fits(read, depth, variant)

    def _first_that_fits(self, read: Schema, depth: int, variant: int) -> Any:
        branches = self._schemas.branches(read)
        if depth > FULL_DEPTH:
            branches = sorted(branches, key=complexity)
        failure: ApiError | None = None
        for at in range(len(branches)):
            branch = branches[(at + variant) % len(branches)] if depth <= FULL_DEPTH else branches[at]
            try:
                value = self._from_branch(branch, depth, variant)
            except ApiError as error:
                failure = error
                continue
            if len(branches) == 1 or fits(self._schemas, read, value):
                return value
        raise failure or self._schemas.refused("has alternatives of which exactly one cannot be met")

    def _from_branch(self, schema: Schema, depth: int, variant: int) -> Any:
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._chosen(schema, variant)
        kind = self._kind(schema, depth)
        if kind == "object":
            return self._object(schema, depth, variant)
        if kind == "array":
            return self._array(schema, depth)
        if kind == "string":
            return self._string(schema, variant)
        value = scalars.scalar(kind, schema, variant)
        if value is None and kind != "null":
            raise self._schemas.refused(f"allows no {kind} in one place")
        return value

    def _kind(self, schema: Schema, depth: int) -> str:
        kinds = listed(schema.get("type", implied_kind(schema)))
        if not kinds or any(kind not in SIMPLE for kind in kinds):
            raise self._schemas.refused(f"has the type {str(schema.get('type'))[:50]}, which does not exist")
        return min(kinds, key=SIMPLE.index) if depth > FULL_DEPTH else str(kinds[0])

    def _chosen(self, schema: Schema, variant: int) -> Any:
        """The value that the question names, or the first."""
        plain = {key: value for key, value in schema.items() if key != "enum"}
        allowed = [value for value in schema["enum"] if fits(self._schemas, plain, value)]
        if not allowed:
            raise self._schemas.refused("has an `enum` without a valid value")
        named = [value for value in allowed if isinstance(value, str) and value and value in self._question]
        return named[0] if named and variant == 0 else allowed[variant % len(allowed)]

    def _string(self, schema: Schema, variant: int) -> str:
        value = scalars.string(schema, self._words, variant)
        if value is None:
            raise self._schemas.refused("has a string length that cannot be met")
        return value

    def _object(self, schema: Schema, depth: int, variant: int) -> dict[str, Any]:
        properties: Mapping[str, Any] = schema.get("properties", {})
        required: Sequence[str] = schema.get("required", [])
        made = {}
        for name in dict.fromkeys([*properties, *required]):
            if name in required:
                part = properties.get(name, schema.get("additionalProperties", True))
                made[name] = self.make(part, depth + 1, variant)
            elif depth < FULL_DEPTH:
                try:
                    made[name] = self.make(properties[name], depth + 1, variant)
                except ApiError:
                    pass  # the object is valid without it
        return made

    def _array(self, schema: Schema, depth: int) -> list[Any]:
        first: Sequence[Any] = schema.get("prefixItems", [])
        rest = schema.get("items", True)
        usual = 0 if depth > FULL_DEPTH or rest is False else USUAL_ITEMS
        length = min(max(schema.get("minItems", 0), len(first), usual), schema.get("maxItems", MOST_VALUES))
        if length > MOST_VALUES:
            raise self._schemas.refused(f"needs more than {MOST_VALUES} values")
        made: list[Any] = []
        for at in range(length):
            part = first[at] if at < len(first) else rest
            item = self._item(part, depth, at, made if schema.get("uniqueItems") else [])
            if item is NOTHING:
                break
            made.append(item)
        return made

    def _item(self, schema: Any, depth: int, at: int, taken: Sequence[Any]) -> Any:
        for variant in range(at, at + MOST_TRIES):
            item = self.make(schema, depth + 1, variant)
            if not any(same(item, other) for other in taken):
                return item
        return NOTHING


NOTHING = object()


def implied_kind(schema: Schema) -> str:
    """What a schema without `type` is most likely about."""
    if "properties" in schema or "required" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema or "minItems" in schema:
        return "array"
    if "minimum" in schema or "maximum" in schema or "multipleOf" in schema:
        return "number"
    return "string"


def complexity(schema: Schema) -> int:
    kinds = listed(schema.get("type", implied_kind(schema)))
    return min((SIMPLE.index(kind) for kind in kinds if kind in SIMPLE), default=0)

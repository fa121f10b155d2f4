"""Schemas, before they are used: references followed, `allOf` merged, and what is not understood refused."""

from collections.abc import Mapping
from typing import Any

from chat.demo.errors import ApiError

Schema = Mapping[str, Any]

# Keywords that this maker of instances cannot promise to satisfy. Ignoring one would be a lie.
NOT_UNDERSTOOD = (
    "pattern", "not", "if", "contains", "dependentSchemas", "dependentRequired", "dependencies",
    "patternProperties", "propertyNames", "$dynamicRef", "$recursiveRef", "minProperties", "maxProperties",
)  # fmt: skip

MOST_READS = 50_000  # a bound for schemas that branch at every level
MOST_REFERENCES = 32  # one after another, without a value between them

LARGER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
SMALLER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


class Schemas:
    """Reads schemas against the root that their references point into. Its errors name the place."""

    def __init__(self, root: Any, path: str) -> None:
        self._root = root
        self._path = path
        self._reads = 0

    def read(self, schema: Any) -> Schema:
        """A schema without `$ref` and `allOf` at its top, to make a value from. `fits` has the last word."""
        read = self.checked(schema)
        for _ in range(MOST_REFERENCES):
            if "$ref" in read:
                read = merged(self.target(read["$ref"]), without(read, "$ref"))
            elif "allOf" in read:
                parts = self.parts(read, "allOf")
                read = without(read, "allOf")
                for part in parts:
                    read = merged(read, self.read(part))
            else:
                return read
        raise self.refused("has a reference that only leads to other references")

    def branches(self, schema: Schema) -> list[Schema]:
        """The alternatives of `anyOf` or `oneOf`, each with what stands beside them; or the schema alone."""
        keyword = next((word for word in ("anyOf", "oneOf") if word in schema), None)
        if keyword is None:
            return [schema]
        rest = without(schema, keyword)
        found: list[Schema] = []
        for part in self.parts(schema, keyword):
            found += self.branches(self.read(merged(self.read(part), rest)))
        return found

    def refused(self, why: str) -> ApiError:
        return ApiError(f"The schema in `{self._path}` {why}.", param=self._path, code="invalid_schema")

    def checked(self, schema: Any) -> Schema:
        self._reads += 1
        if self._reads > MOST_READS:
            raise self.refused("is too intricate")
        if schema is True:
            return {}
        if schema is False:
            raise self.refused("allows no value in one place")
        if not isinstance(schema, dict):
            raise self.refused("has a part that is neither an object nor true or false")
        if found := next((word for word in NOT_UNDERSTOOD if word in schema), None):
            raise self.refused(f"uses `{found}`, which is not supported")
        checked: Schema = schema
        return checked

    def parts(self, schema: Schema, keyword: str) -> list[Any]:
        parts = schema[keyword]
        if not isinstance(parts, list) or not parts:
            raise self.refused(f"has `{keyword}` without a list")
        return parts

    def target(self, reference: Any) -> Schema:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise self.refused("has a `$ref` to somewhere else; only `#/...` is supported")
        place = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(place, dict) or step not in place:
                raise self.refused(f"has a `$ref` to {reference[:100]}, which is not there")
            place = place[step]
        return self.checked(place)


def without(schema: Schema, keyword: str) -> Schema:
    return {key: value for key, value in schema.items() if key != keyword}


def merged(one: Schema, other: Schema) -> Schema:
    """A schema for the values that both allow. Where keywords do not combine, the other's stands."""
    both = dict(one)
    for key, value in other.items():
        both[key] = value if key not in one else both_of(key, one[key], value)
    return both


def both_of(key: str, one: Any, other: Any) -> Any:
    if one == other:
        return one
    if key == "properties":
        shared = {name: {"allOf": [one[name], other[name]]} for name in one.keys() & other.keys()}
        return {**one, **other, **shared}
    if key == "required":
        return list(dict.fromkeys([*one, *other]))
    if key in LARGER:
        return max(one, other)
    if key in SMALLER:
        return min(one, other)
    if key in ("type", "enum"):
        return common(listed(one), listed(other))
    return other


def common(one: list[Any], other: list[Any]) -> list[Any]:
    return [value for value in one if value in other]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""One reader for the keys of a JSON object. It checks type and range, and names the key that is wrong."""

from collections.abc import Mapping
from typing import Any

from chat.demo.errors import ApiError


class Fields:
    """The keys of an object inside the request. A key that is absent or null is *not set*."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def raw(self, key: str) -> Any:
        return self._values.get(key)

    def name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def number(self, key: str, least: float, most: float, default: float) -> float:
        if key not in self:
            return default
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "must be a number")
        if not least <= value <= most:
            raise self.wrong(key, f"must be from {least:g} to {most:g}, not {value}")
        return float(value)

    def integer(self, key: str, least: int, most: int) -> int | None:
        if key not in self:
            return None
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "must be a whole number")
        if not least <= value <= most:
            raise self.wrong(key, f"must be from {least} to {most}, not {value}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        if key not in self:
            return default
        if not isinstance(self.raw(key), bool):
            raise self.wrong(key, "must be true or false")
        return bool(self.raw(key))

    def text(self, key: str) -> str | None:
        if key not in self:
            return None
        if not isinstance(self.raw(key), str):
            raise self.wrong(key, "must be a string")
        return str(self.raw(key))

    def required_text(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise self.wrong(key, "is required and must be a string that is not empty")
        return value

    def object(self, key: str) -> "Fields | None":
        if key not in self:
            return None
        if not isinstance(self.raw(key), dict):
            raise self.wrong(key, "must be an object")
        return Fields(self.raw(key), self.name(key))

    def objects(self, key: str) -> "list[Fields]":
        """A list of objects. Not set and empty are the same."""
        if key not in self:
            return []
        values = self.raw(key)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, "must be a list of objects")
        return [Fields(value, f"{self.name(key)}[{number}]") for number, value in enumerate(values)]

    def wrong(self, key: str, why: str, code: str = "invalid_value") -> ApiError:
        return ApiError(f"`{self.name(key)}` {why}.", param=self.name(key), code=code)

"""Tool calls from fragments. Providers number and name the fragments in every way that can be thought of."""

import json
import secrets
from dataclasses import dataclass, field

from .characters import Joiner, Tally, clean
from .events import ToolCall

WEIGHT = 100
LONGEST_CHECKED = 1024 * 1024


@dataclass(slots=True)
class Call:
    """One call as it grows. `key` is the provider's index of it, which need not be its position."""

    position: int
    key: int | None
    joiner: Joiner
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def is_complete(self) -> bool:
        """True if the arguments are a whole JSON object by now."""
        if not self.pieces or self.size > LONGEST_CHECKED or not self.pieces[-1].rstrip().endswith("}"):
            return False
        try:
            json.loads("".join(self.pieces))
        except (ValueError, RecursionError):
            return False
        return True


class Assembly:
    """The tool calls of one choice, in the order in which they began."""

    __slots__ = ("_by_id", "_by_key", "_choice", "_last", "_tally", "calls")

    def __init__(self, choice: int, tally: Tally) -> None:
        self.calls: list[Call] = []
        self._by_id: dict[str, Call] = {}
        self._by_key: dict[int, Call] = {}
        self._last: Call | None = None
        self._choice = choice
        self._tally = tally

    def add(self, fragment: dict[str, object], *, whole: bool = False) -> ToolCall | None:
        """Takes one fragment. None if it only repeats a known call. `whole`: it is a call by itself."""
        function = fragment.get("function")
        function = function if isinstance(function, dict) else {}
        id, name = _text(fragment.get("id")), _text(function.get("name"))
        index = fragment.get("index")
        key = index if isinstance(index, int) else None
        arguments = _arguments(function.get("arguments"))
        call = None if whole else self._find(id, key, name)
        if call is None:
            call = self._begin(key)
        elif key != call.key and arguments and arguments == "".join(call.pieces):
            return None
        call.id = call.id or id
        call.name = call.name or name
        self._by_id.setdefault(call.id, call)
        self._last = call
        return self._grow(call, arguments)

    def end(self) -> list[ToolCall]:
        """Gives every call an id, and empty arguments to one without. Twice is as good as once."""
        events = []
        for call in self.calls:
            rest = call.joiner.end() or ("" if call.pieces else "{}")
            if rest or not call.id:
                call.id = call.id or f"call_{secrets.token_hex(12)}"
                events.append(self._grow(call, rest))
        return events

    def _find(self, id: str, key: int | None, name: str) -> Call | None:
        """The call that a fragment continues. A known id decides; else the index; else the call last touched.

        Some providers give every fragment a new id, and others every call the same index: there a call is
        over only when its arguments are complete.
        """
        if id in self._by_id and id:
            return self._by_id[id]
        found = self._last if key is None else self._by_key.get(key)
        if found is None:
            return None
        other_id = bool(id and found.id)
        other_name = bool(name and found.name and name != found.name)
        if key is None and ((other_id and name) or other_name):
            return None
        named_again = bool(name and found.name)
        return None if (other_id or named_again) and found.is_complete() else found

    def _begin(self, key: int | None) -> Call:
        call = Call(len(self.calls), key, Joiner(self._tally))
        self.calls.append(call)
        self._tally.bytes += WEIGHT
        if key is not None:
            self._by_key[key] = call
        return call

    def _grow(self, call: Call, arguments: str) -> ToolCall:
        new = call.joiner.join(arguments)
        if new:
            call.pieces.append(new)
            call.size += len(new)
        return ToolCall(call.position, call.id, call.name, new, self._choice)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)

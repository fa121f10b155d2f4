"""The conversations of a JSON file, one at a time: of a long file only one is in memory, and of one only so much. PURE.

A file is a list, one object, objects one after another (JSON Lines), or our own export, whose lists are gone through
like the first. Wherever the bytes come from, `Metered` counts them.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Protocol

import ijson

from .own import VERSION, is_own
from .refusing import CannotRead

# Of one conversation, as it stands in the file.
MOST_BYTES = 64 * 1024 * 1024
# Strings, numbers, lists and objects in it: each costs more in memory than in the file.
MOST_VALUES = 5_000_000
MOST_LEVELS = 200
AT_ONCE = 64 * 1024
# What numbers are made of, and how much of it there may be in a row.
IN_NUMBERS = b"0123456789+-.eE"
MOST_OF_NUMBER = 1024 * 1024
# What Python refuses to read as a number, and ijson then takes the process down with; in a text it is as long.
TOO_LONG = re.compile(rb"(?<![.0-9])[0-9]{4301,}")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# In our own export: the lists that hold what was exported.
OWN_LISTS = ("conversations", "comparisons")

Event = tuple[str, Any]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Metered:
    """Bytes on their way to the parser. `seen` is called with each piece's length."""

    def __init__(self, source: Readable, seen: Callable[[int], None] = lambda length: None) -> None:
        self._source, self._seen = source, seen
        self.since = 0
        self._begun = False

    def read(self, size: int = -1) -> bytes:
        piece = self._whole_numbers(self._source.read(AT_ONCE if size < 0 else min(size, AT_ONCE)))
        if not self._begun and piece.startswith(BYTE_ORDER_MARK):
            # Only spaces may stand before JSON: this way the length stays what it was.
            piece = b"   " + piece[3:]
        self._begun = self._begun or bool(piece)
        self.since += len(piece)
        self._seen(len(piece))
        if self.since > MOST_BYTES:
            raise CannotRead(
                f"One conversation in the file is longer than {MOST_BYTES // 1024 // 1024} MB, or the file is not "
                "a list of conversations."
            )
        return piece

    def _whole_numbers(self, piece: bytes) -> bytes:
        """Gone on with to the end of a number, so that one that is too long is seen here."""
        while piece and piece[-1] in IN_NUMBERS and len(piece) <= MOST_OF_NUMBER:
            piece += self._source.read(AT_ONCE) or b" "
        if len(piece) > MOST_OF_NUMBER or TOO_LONG.search(piece):
            raise CannotRead("The file holds a whole number of more than 4,300 digits.")
        return piece


def conversations_in(source: Metered) -> Iterator[tuple[str, Any]]:
    """Each value that may be a conversation, with the list of our own export that it stands in. Raises CannotRead."""
    try:
        for found in _values(source):
            source.since = 0
            yield found
    except (ijson.JSONError, ValueError, ArithmeticError) as error:
        raise CannotRead(f"The file is not JSON, or it is cut off: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The first line of the parser's words: the others draw the place in the text."""
    said = str(error).strip().strip("b'\"").splitlines()
    return f"{said[0][:120].rstrip('.')}." if said else "nothing is in it."


def _values(source: Metered) -> Iterator[tuple[str, Any]]:
    events: Iterator[Event] = ijson.basic_parse(source, multiple_values=True, buf_size=AT_ONCE)
    for event in events:
        if event[0] == "start_array":
            yield from (("", value) for value in _items(events))
        elif event[0] == "start_map":
            yield from _object(events)
        else:
            yield "", _built(event, events, 0)


def _items(events: Iterator[Event]) -> Iterator[Any]:
    for event in events:
        if event[0] == "end_array":
            return
        yield _built(event, events, 1)


def _object(events: Iterator[Event]) -> Iterator[tuple[str, Any]]:
    """An object at the top: a conversation, or our own export, of which the lists come first."""
    held: dict[str, Any] = {}
    for event, name in events:
        if event == "end_map":
            break
        first = next(events)
        if name in OWN_LISTS and is_own(held) and first[0] == "start_array":
            check_version(held)
            yield from ((name, value) for value in _items(events))
            held[name] = None
        else:
            held[name] = _built(first, events, 1)
    yield "", held


def check_version(value: dict[str, Any]) -> None:
    if value.get("version") != VERSION:
        raise CannotRead(
            f"The file is of version {str(value.get('version'))[:20]} of this playground's format, and version "
            f"{VERSION} is understood here."
        )


def _built(first: Event, events: Iterator[Event], level: int) -> Any:
    """The value that begins with this event. No recursion: a file may be as deep as it likes."""
    if not first[0].startswith("start"):
        return _plain(first[1])
    root: Any = {} if first[0] == "start_map" else []
    stack: list[Any] = [root]
    keys: list[str] = [""]
    count = 0
    for event, value in events:
        holder = stack[-1]
        if event == "map_key":
            keys[-1] = value
            continue
        if event in ("end_map", "end_array"):
            stack.pop()
            keys.pop()
            if not stack:
                return root
            continue
        new: Any = {} if event == "start_map" else [] if event == "start_array" else _plain(value)
        if type(holder) is dict:
            holder[keys[-1]] = new
        else:
            holder.append(new)
        count += 1
        if event.startswith("start"):
            stack.append(new)
            keys.append("")
            if len(stack) + level > MOST_LEVELS:
                raise CannotRead(f"The file nests lists and objects more than {MOST_LEVELS} levels deep.")
        if count > MOST_VALUES:
            raise CannotRead(f"One conversation in the file holds more than {MOST_VALUES:,} values.")
    raise CannotRead("The file is cut off.")


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value

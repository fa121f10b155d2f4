"""A file with conversations, whatever it is: JSON, lines of it, or a ZIP file with it. PURE."""

from collections.abc import Callable, Iterator
from typing import IO

from .archive import Archive, is_archive
from .formats import UNDERSTOOD, Found, entries_in
from .refusing import CannotRead
from .streaming import Metered, Readable, conversations_in
from .talk import Talk

# Of things that are no conversation, before the first one that is.
PATIENCE = 10_000


class Source:
    """`size` is how much there is to read; `read` tells how much was. `strange` counts what was no conversation."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        begin = file.read(4)
        self.size = file.seek(0, 2)
        file.seek(0)
        self._archive = Archive(file) if is_archive(begin) else None
        if self._archive:
            self.size = self._archive.size
        self.strange = 0
        self.empty = 0

    def entries(self, seen: Callable[[int], None] = lambda length: None) -> Iterator[Found]:
        """Each conversation with the name of its format. Raises CannotRead, also if there is none."""
        count = 0
        for part in self._parts():
            for own_list, value in conversations_in(Metered(part, seen)):
                before = count
                for format, entry in entries_in(value, own_list):
                    count += 1
                    if isinstance(entry, Talk) and not entry.messages and not own_list:
                        self.empty += 1
                    else:
                        yield format, entry
                self.strange += count == before and not is_rest(value)
                if self.strange > PATIENCE and not count:
                    break
        if not count:
            raise CannotRead(f"No conversation was found in the file. {UNDERSTOOD}")

    def _parts(self) -> Iterator[Readable]:
        if self._archive is None:
            yield self._file
            return
        for member in self._archive.members:
            yield self._archive.open(member)


def is_rest(value: object) -> bool:
    """What is left of our own export when its lists have been gone through."""
    return isinstance(value, dict) and "format" in value and "version" in value

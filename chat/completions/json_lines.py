"""A body that is JSON instead of an event stream: one document, or one on each line."""

from collections.abc import AsyncIterator

import orjson
from httpx_sse import ServerSentEvent

from .errors import AnswerTooLong, CompletionError
from .words import decode


async def json_messages(
    head: bytes, chunks: AsyncIterator[bytes], most_bytes: int
) -> AsyncIterator[ServerSentEvent]:
    """Each document as a message, a line as soon as it is whole. The first line tells which of the two it is.

    An error that `chunks` raises comes after all that arrived before it.
    """
    lines = Lines(most_bytes)
    failure: CompletionError | None = None
    for line in lines.take(head):
        yield ServerSentEvent(data=line)
    try:
        async for chunk in chunks:
            for line in lines.take(chunk):
                yield ServerSentEvent(data=line)
    except CompletionError as error:
        failure = error
    for document in lines.end():
        yield ServerSentEvent(data=document)
    if failure:
        raise failure


class Lines:
    """Cuts JSON lines. If the first line is no document, the whole body is taken as one."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._rest = bytearray()
        self._by_line: bool | None = None

    def take(self, chunk: bytes) -> list[str]:
        self._rest += chunk
        if len(self._rest) > self._most_bytes:
            raise AnswerTooLong(f"The answer is one piece of more than {self._most_bytes:,} bytes.")
        if self._by_line is False or b"\n" not in chunk:
            return []
        *lines, rest = bytes(self._rest).split(b"\n")
        if self._by_line is None:
            self._by_line = is_document(lines[0])
        if not self._by_line:
            return []
        self._rest = bytearray(rest)
        return [line.decode(errors="replace") for line in lines if line.strip()]

    def end(self) -> list[str]:
        """The documents of what is left: several if it is a list."""
        text = self._rest.decode(errors="replace").strip()
        try:
            value = decode(text)
        except ValueError:
            return [text] if text else []
        return [orjson.dumps(item).decode() for item in value] if isinstance(value, list) else [text]


def is_document(line: bytes) -> bool:
    try:
        return isinstance(decode(line), dict)
    except ValueError:
        return False

"""From the bytes of a response to its messages: Server-Sent Events as servers really send them, or JSON.

`httpx_sse` decodes the events. Before that, what the standard does not allow but servers do is mended: a
byte order mark, an `error:` field, a bare JSON line, a last event without its blank line.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import httpx
from httpx_sse import EventSource, ServerSentEvent

from .errors import AnswerTooLong, CompletionError, NotAnApi
from .json_lines import json_messages

BOM = b"\xef\xbb\xbf"
FIELDS = (b"data", b"event", b":", b"id", b"retry", b"error")
LONGEST_FIELD = 6
LONGEST_WORDS = 2000
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}


async def read_messages(
    chunks: AsyncIterator[bytes], content_type: str, most_bytes: int
) -> AsyncGenerator[ServerSentEvent, None]:
    """The messages of a body, whatever the server calls its type. Raises NotAnApi for pages and plain words.

    An error that `chunks` raises comes after all that arrived before it.
    """
    head = await _read_head(chunks)
    if head.startswith((b"{", b"[")):
        async for message in json_messages(head, chunks, most_bytes):
            yield message
    elif head.startswith(b"<") or (head and not _is_sse(head, content_type)):
        raise NotAnApi(
            "The server answered with a web page or plain text instead of an answer. Check the base URL.",
            said=head[:LONGEST_WORDS].decode(errors="replace") if not head.startswith(b"<") else "",
            body=head.decode(errors="replace"),
        )
    else:
        body = MendedEvents(head, chunks, most_bytes)
        async with aclosing(EventSource(body).aiter_sse()) as events:
            async for event in events:
                body.since_event = 0
                if event.data:
                    yield event


async def _read_head(chunks: AsyncIterator[bytes]) -> bytes:
    """The first bytes after blanks and the byte order mark, enough to tell what they begin."""
    head = b""
    async for chunk in chunks:
        head = (head + chunk).removeprefix(BOM).lstrip()
        if len(head) >= LONGEST_FIELD or head.startswith((b":", b"{", b"[", b"<")) or b"\n" in head:
            break
    return head


def _is_sse(head: bytes, content_type: str) -> bool:
    field = head.split(b":", 1)[0]
    return head.startswith(b":") or field.strip() in FIELDS or "event-stream" in content_type


class MendedEvents(httpx.Response):
    """An event stream in whole lines, mended. Refuses an event beyond the limit.

    It is the response that `EventSource` reads; the text is given here at once, and not through the layers of one.
    """

    def __init__(self, head: bytes, chunks: AsyncIterator[bytes], most_bytes: int) -> None:
        super().__init__(200, headers=EVENTS)
        self.since_event = 0
        self._head = head
        self._chunks = chunks
        self._most_bytes = most_bytes
        self._tail: list[bytes] = []

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        failure: CompletionError | None = None
        if lines := self._take(self._head):
            yield lines.decode(errors="replace")
        try:
            async for chunk in self._chunks:
                if lines := self._take(chunk):
                    yield lines.decode(errors="replace")
        except CompletionError as error:
            failure = error
        yield (mend(b"".join(self._tail)) + b"\n\n").decode(errors="replace")
        if failure:
            raise failure

    def _take(self, chunk: bytes) -> bytes:
        """The lines that are whole with this chunk. The rest waits for the next one."""
        self.since_event += len(chunk)
        if self.since_event > self._most_bytes:
            raise AnswerTooLong(f"One event of the stream is larger than {self._most_bytes:,} bytes.")
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        if not end:
            self._tail.append(chunk)
            return b""
        lines = b"".join((*self._tail, chunk[:end]))
        self._tail = [chunk[end:]]
        return mend(lines)


def mend(lines: bytes) -> bytes:
    """Rewrites the fields that the standard does not know. `lines` begins at the start of a line."""
    if b"error:" not in lines and b"\n{" not in lines and b"\r{" not in lines and lines[:1] != b"{":
        return lines
    return b"".join(_mend_line(line) for line in lines.splitlines(keepends=True))


def _mend_line(line: bytes) -> bytes:
    if line.startswith(b"error:"):
        return b"event: error\ndata:" + line.removeprefix(b"error:")
    if line.startswith(b"{"):
        # The first of the two may end the line before, if that has a lone CR.
        return b"\n\ndata: " + line.rstrip() + b"\n\n"
    return line

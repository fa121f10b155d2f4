"""A wire between browser and server that can be cut: what is on its way is lost, as when a train enters a tunnel."""

import asyncio
import contextlib
from types import TracebackType


class Wire:
    """A TCP proxy. `cut` ends the WebSockets that are open now; other requests go on."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sockets: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cuts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        for writer in self._sockets:
            writer.transport.abort()
        self.cuts += len(self._sockets)
        self._sockets.clear()

    async def __aenter__(self) -> "Wire":
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0, backlog=500)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._open:
            writer.transport.abort()
        # The loop closes them in its next round.
        await asyncio.sleep(0)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Cancelled at the end of the test: asyncio would report that as an error of the server.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            onward_reader, onward = await asyncio.open_connection("127.0.0.1", self._port)
            self._open |= {writer, onward}
            there = asyncio.create_task(self._carry(reader, onward, writer))
            back = asyncio.create_task(self._carry(onward_reader, writer, None))
            try:
                await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                there.cancel()
                back.cancel()
                self._sockets.discard(writer)
                onward.close()
                writer.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, socket: asyncio.StreamWriter | None
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if socket and data.startswith(b"GET /socket/"):
                    self._sockets.add(socket)
                writer.write(data)
                await writer.drain()

"""One import, from its file to its rows. It runs in a thread of its own and never for long at a time: answers stream
beside it, and the database takes one writer."""

import time
from collections.abc import Callable
from hashlib import file_digest
from io import BufferedReader
from threading import Event

from chat.imports.files import Source
from chat.imports.storing import Storing
from chat.models.transfer import Transfer

from .uploads import file_of

# The share of the time in which it does something. The rest belongs to whoever streams.
SHARE = 0.6
LONGEST_BREATH = 0.1
SECONDS_BETWEEN_LOOKS = 0.5


class Over(Exception):
    """Somebody else has ended it: who asked for that, or another process that thought this one dead."""


class Reading:
    """`closing` is set when the server is about to stop. `pause` waits: a test has no need to."""

    def __init__(
        self, transfer: Transfer, closing: Event, pause: Callable[[float], object] = time.sleep
    ) -> None:
        self._transfer, self._closing, self._pause = transfer, closing, pause
        self._read = 0
        self._since = self._looked = time.monotonic()
        self._storing = Storing(transfer, self._beat)

    def run(self) -> None:
        """Raises CannotRead, Over, and whatever the database raises: then nothing of it can be seen."""
        with file_of(self._transfer.pk).open("rb") as file:
            options = {**self._transfer.options, **self._known_again(file)}
            file.seek(0)
            formats: set[str] = set()
            source = Source(file)
            Transfer.objects.filter(pk=self._transfer.pk).update(total=source.size, options=options)
            for format, entry in source.entries(self._seen):
                formats.add(format)
                self._storing.add(entry)
                self._breathe()
            self._tell_of(source)
            # A file of several is named after one of them.
            Transfer.objects.filter(pk=self._transfer.pk).update(format=min(formats))
            self._storing.publish()

    def _known_again(self, file: BufferedReader) -> dict[str, str]:
        """A mark of the very file, and when it was imported before."""
        mark = file_digest(file, "sha256").hexdigest()
        same = Transfer.objects.filter(
            owner_id=self._transfer.owner_id, status=Transfer.Status.FINISHED, options__hash=mark
        )
        earlier = [each for each in same.order_by("-created_at") if not each.options.get("undone")]
        return {"hash": mark, **({"before": earlier[0].created_at.isoformat()} if earlier else {})}

    def _seen(self, length: int) -> None:
        self._read += length
        if self._closing.is_set():
            raise Over
        if time.monotonic() - self._looked > SECONDS_BETWEEN_LOOKS:
            # A long file may hold nothing to store for a while.
            self._beat()
        self._breathe()

    def _beat(self) -> None:
        """In each transaction: how far it is, and whether it may go on. Who ends it waits for this transaction."""
        mine = Transfer.objects.filter(
            pk=self._transfer.pk, status=Transfer.Status.RUNNING, stop_requested=False
        )
        self._looked = time.monotonic()
        if not mine.update(done=self._read):
            raise Over

    def _breathe(self) -> None:
        worked = time.monotonic() - self._since
        if worked > 0.01:
            self._pause(min(worked * (1 / SHARE - 1), LONGEST_BREATH))
            self._since = time.monotonic()

    def _tell_of(self, source: Source) -> None:
        for count, words in (
            (source.strange, "Something in the file is no conversation and was left out."),
            (source.empty, "A conversation without messages was left out."),
        ):
            if count:
                self._storing.notices[words] = count

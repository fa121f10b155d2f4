"""One process for one data folder, unless Redis joins several: two with logs of their own would lose answers."""

import fcntl
import os
from functools import cache
from pathlib import Path


class DataFolderTaken(SystemExit):
    pass


@cache
def hold_data_folder(folder: Path) -> int:
    """Until this process ends. Raises DataFolderTaken."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise DataFolderTaken(
            f"Another playground already runs on {folder}. Stop it, or set PLAYGROUND_DATA to another folder, "
            "or set REDIS_URL so that several processes can share one."
        ) from None
    return handle

"""The trained model on disk: a list of pieces and two arrays of numbers under a checksum. Never code."""

import hashlib
import logging
import sys
from array import array
from pathlib import Path
from uuid import uuid4

import orjson

FORMAT = 1
MAGIC = b"demo-ngram\n"
DIGEST_BYTES = hashlib.sha256().digest_size

Trained = tuple[list[str], "array[int]", "array[int]"]  # pieces, tokens, positions

logger = logging.getLogger(__name__)


def cache_file(folder: Path) -> Path:
    """Named after the format, the Python (whose documentation was read) and the byte order."""
    python = ".".join(map(str, sys.version_info[:3]))
    return folder / f"demo-ngram-{FORMAT}-python-{python}-{sys.byteorder}.bin"


def load(file: Path) -> Trained | None:
    """None where there is no file, or not one that was written whole."""
    try:
        return unpack(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("The demo model's cache %s cannot be read (%s), so it is trained again.", file, error)
        return None


def save(file: Path, trained: Trained) -> None:
    """Atomic: a reader sees the whole file or none. A folder that cannot be written only costs time later."""
    draft = file.with_name(f"{file.name}.{uuid4().hex}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(pack(trained))
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The demo model's cache %s cannot be written (%s).", file, error)


def pack(trained: Trained) -> bytes:
    pieces, tokens, positions = trained
    head = orjson.dumps({"pieces": pieces, "tokens": len(tokens), "positions": len(positions)})
    body = len(head).to_bytes(4) + head + tokens.tobytes() + positions.tobytes()
    return MAGIC + hashlib.sha256(body).digest() + body


def unpack(content: bytes) -> Trained:
    """Raises ValueError for anything but what `pack` made."""
    start = len(MAGIC) + DIGEST_BYTES
    body = content[start:]
    if content[:start] != MAGIC + hashlib.sha256(body).digest():
        raise ValueError("damaged")
    length = int.from_bytes(body[:4])
    head, numbers = orjson.loads(body[4 : 4 + length]), body[4 + length :]
    tokens, positions = array("H"), array("I")
    split = head["tokens"] * tokens.itemsize
    tokens.frombytes(numbers[:split])
    positions.frombytes(numbers[split:])
    return head["pieces"], tokens, positions

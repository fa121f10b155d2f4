"""A prompt from pasted text: our own JSON, messages as JSON, or a call as cURL or Python. Nothing of it is run."""

from .imported import MOST_BYTES, Imported, ImportedVersion, Unreadable
from .own import write_own
from .reading import decode, read

__all__ = ["MOST_BYTES", "Imported", "ImportedVersion", "Unreadable", "decode", "read", "write_own"]

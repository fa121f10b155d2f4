"""The name of a file, made here out of a title that may be anything."""

import re
import unicodedata
from urllib.parse import quote

LONGEST = 80
# What no file system takes, what means something in a path or a header, and what reorders the letters around it.
FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|%\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd]'
)
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def file_name(title: str, extension: str) -> str:
    """With letters of every language, and without dots at its ends."""
    whole = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode())
    name = " ".join(FORBIDDEN.sub(" ", whole).split())[:LONGEST].strip(" .")
    return f"{name if name and not RESERVED.match(name) else 'conversation'}.{extension}"


def disposition(name: str) -> str:
    """The header that makes it a download: in ASCII for everybody, and whole as RFC 6266 has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, _, extension = plain.rpartition(".")
    plain = f"{stem.strip(' .') or 'conversation'}.{extension}".replace('"', "").replace("\\", "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

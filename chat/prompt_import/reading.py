"""Which of the four forms it is."""

import json

from chat.completions.characters import clean
from chat.placeholders import MOST_VARIABLES, names_in

from .chat_json import from_body, from_messages
from .curl import body_in, is_curl
from .imported import MOST_BYTES, Imported, Unreadable
from .own import FORMAT, read_own
from .python_call import read_python


def decode(data: bytes) -> str:
    """A file as text. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("This file is not text in UTF-8.") from None


def read(pasted: str) -> Imported:
    """Raises Unreadable."""
    imported = _read(pasted)
    for version in imported.versions:
        if not version.text.strip():
            raise Unreadable("A version of this prompt has no text.")
        if len(names_in(version.text)) > MOST_VARIABLES:
            raise Unreadable(f"A version of this prompt has more than {MOST_VARIABLES} variables.")
    return imported


def _read(pasted: str) -> Imported:
    text = clean(pasted).replace("\r\n", "\n").strip()
    if len(text) > MOST_BYTES or len(text.encode()) > MOST_BYTES:
        raise Unreadable(f"This is longer than {MOST_BYTES // 1_000_000} MB.")
    if not text:
        raise Unreadable("Paste something, or choose a file.")
    if is_curl(text):
        return from_body(parsed(body_in(text), "The body of this cURL command"))
    if text[0] in "{[":
        return from_json(parsed(text, "This"))
    return read_python(text)


def parsed(text: str, what: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable(f"{what} is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{what} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise Unreadable(f"{what} is not JSON: it holds a number that is too long.") from None


def from_json(value: object) -> Imported:
    if isinstance(value, list):
        return from_messages(value, [])
    if isinstance(value, dict) and value.get("format") == FORMAT:
        return read_own(value)
    return from_body(value)

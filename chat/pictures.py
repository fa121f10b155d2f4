"""What there is to see of a message beside its text: pictures that are here themselves, and words for the rest. PURE"""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# SVG is a document of its own, with scripts.
PICTURE = re.compile(r"data:(image/(?:png|jpeg|gif|webp|avif));base64,([A-Za-z0-9+/]+={0,2})", re.A)
NAMES = {
    "image_url": "A picture", "file": "A file", "input_audio": "A recording", "video_url": "A video",
    "refusal": "A refusal",
}  # fmt: skip
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """`number` is its place among what stands beside the text. `words` say what cannot be drawn; or, of a refusal, they
    are the model's own."""

    number: int
    words: str = ""
    is_refusal: bool = False


def beside(files: Iterable[Mapping[str, Any]], *, hides: bool = False) -> list[Beside]:
    """With `hides` without addresses: where a picture lies may tell which model drew it."""
    return [
        Beside(number, "" if picture_in(part) else words_for(part, hides=hides), is_refusal(part))
        for number, part in enumerate(files, 1)
        if part.get("type") != "annotation"
    ]


def is_refusal(part: Mapping[str, Any]) -> bool:
    return part.get("type") == "refusal" and bool(part.get("refusal"))


def words_for(part: Mapping[str, Any], *, hides: bool) -> str:
    kind = part.get("type")
    if is_refusal(part):
        return str(part["refusal"])
    name = NAMES.get(str(kind), "Something that cannot be shown here")
    address = "" if hides else address_of(part)
    return f"{name}: {address}" if address else name


def address_of(part: Mapping[str, Any]) -> str:
    """Where it lies elsewhere, or how it is called. Nothing is loaded from there."""
    told = part.get(str(part.get("type")))
    if not isinstance(told, Mapping):
        return ""
    address = str(told.get("url") or told.get("filename") or "")
    return "" if address.startswith("data:") else address[:LONGEST_SHOWN]


def picture_in(part: Mapping[str, Any]) -> re.Match[str] | None:
    told = part.get("image_url") if part.get("type") == "image_url" else None
    return picture_at(str(told.get("url", ""))) if isinstance(told, Mapping) else None


def picture_at(url: str) -> re.Match[str] | None:
    """Its type and its Base64, if the address itself is a picture that a browser draws."""
    found = PICTURE.fullmatch(url)
    return found if found and len(found[2]) % 4 == 0 else None


def picture_of(part: Mapping[str, Any]) -> tuple[str, bytes] | None:
    """Its type and its bytes."""
    found = picture_in(part)
    return (found[1], b64decode(found[2])) if found else None

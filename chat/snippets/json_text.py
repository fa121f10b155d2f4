"""JSON for people to read, with nothing in it that cannot be seen."""

from .layout import Writer, escaped

NAMED = {
    "\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f",
}  # fmt: skip


class Json(Writer):
    inner = " "
    last_comma = ""

    def quote(self, text: str) -> str:
        return f'"{escaped(text, NAMED, _numbered)}"'


def write_json(value: object) -> str:
    """Never a line break inside a string, so its lines are those of its structure."""
    return Json().write(value)


def _numbered(number: int) -> str:
    units = chr(number).encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

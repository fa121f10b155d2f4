"""Values as Python writes them."""

from .layout import Writer, quoted

NAMED = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


class Python(Writer):
    step = "    "
    null, true, false = "None", "True", "False"

    def quote(self, text: str) -> str:
        return quoted(text, NAMED, _numbered)

    def long_text(self, parts: list[str], margin: str) -> str:
        """Strings beside one another are one string."""
        *lines, last = parts
        strings = [self.quote(line + "\n") for line in lines] + ([self.quote(last)] if last else [])
        between = f"\n{margin}{self.step}"
        return f"({between}{between.join(strings)}\n{margin})"


def _numbered(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

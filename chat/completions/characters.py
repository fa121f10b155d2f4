"""Text as a database and a socket can hold it: no lone surrogate, no NUL. Nothing else is changed."""

from math import isfinite

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
DEEPEST = 20
LARGEST_WHOLE = 2**63


class Tally:
    """How many bytes an answer has by now."""

    __slots__ = ("bytes",)

    def __init__(self) -> None:
        self.bytes = 0


class Joiner:
    """Joins characters that were cut in two between the pieces of a text."""

    __slots__ = ("_held", "_tally")

    def __init__(self, tally: Tally) -> None:
        self._held = ""
        self._tally = tally

    def join(self, text: str) -> str:
        """The text that is whole by now. May be empty."""
        if self._held:
            text = self._held + text
            self._held = ""
        if "\0" in text:
            text = text.replace("\0", REPLACEMENT)
        if text.isascii():
            self._tally.bytes += len(text)
            return text
        try:
            self._tally.bytes += len(text.encode())
        except UnicodeEncodeError:
            text = self._join_surrogates(text)
        return text

    def end(self) -> str:
        """What is left: half a character at most."""
        held, self._held = self._held, ""
        return REPLACEMENT if held else ""

    def _join_surrogates(self, text: str) -> str:
        if "\ud800" <= text[-1] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        text = join_surrogates(text)
        self._tally.bytes += len(text.encode())
        return text


def join_surrogates(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def clean(text: str) -> str:
    """One whole text, storable."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    return text if text.isascii() else join_surrogates(text)


def clean_json(value: object, depth: int = 0) -> object:
    """A decoded JSON value, storable. What is nested too deep and what is no number for others becomes None."""
    if isinstance(value, str):
        return clean(value)
    if depth >= DEEPEST and isinstance(value, (dict, list)):
        return None
    if isinstance(value, dict):
        return {clean(str(key)): clean_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_json(item, depth + 1) for item in value]
    return None if _is_odd_number(value) else value


def _is_odd_number(value: object) -> bool:
    """Infinity, or a whole number of more than 64 bits."""
    return (isinstance(value, float) and not isfinite(value)) or (
        isinstance(value, int) and not -LARGEST_WHOLE <= value < LARGEST_WHOLE
    )

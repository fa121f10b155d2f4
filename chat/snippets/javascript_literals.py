"""Values as JavaScript writes them."""

import re

from .json_text import write_json
from .layout import Writer, quoted

NAMED = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
# What would end a script element, should the code ever stand in one.
OF_HTML = re.compile(r"<(/script|!--)", re.IGNORECASE)
OF_TEMPLATES = re.compile(r"\\|`|\$\{")


class JavaScript(Writer):
    inner = " "

    def quote(self, text: str) -> str:
        return OF_HTML.sub(r"<\\\1", quoted(text, NAMED, _numbered))

    def key(self, key: str) -> str:
        if key == "__proto__":
            return '["__proto__"]'  # without brackets it would set the prototype
        return key if NAME.fullmatch(key) else self.quote(key)

    def long_text(self, parts: list[str], margin: str) -> str:
        strings = [self.quote(part) for part in parts]
        return self.lines("[", strings, r'].join("\n")', margin)


def body_as_text(value: object) -> str:
    """A constant with the JSON: integers stand there to the last digit."""
    text = OF_HTML.sub(r"<\\\1", OF_TEMPLATES.sub(r"\\\g<0>", write_json(value)))
    return f"// As text: it holds an integer that JavaScript would round.\nconst body = `{text}`;\n\n"


def _numbered(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\u{{{number:x}}}"

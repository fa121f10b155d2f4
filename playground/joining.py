"""Many small files for people, few requests for the browser: styles and modules are joined when collected.

Nothing is compiled or minified. A module keeps its own scope: its text stands in a function that returns what it
exports, and its imports become constants. That is enough for the two forms that our modules use,
`import { a, b } from "lib/x"` and `export function|class|const`, and anything else is refused.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}|\w+) from "(?P<name>[^"]+)";?$', re.M)
EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (?P<name>\w+)", re.M)


def join_styles(static: Path) -> str:
    """Cascade layers (layers.css, first) decide who wins, so the order of the rest does not matter."""
    files = sorted((static / "css").glob("*.css"), key=lambda file: (file.stem != "layers", file.stem))
    return "\n".join(file.read_text() for file in files)


def join_modules(static: Path, entry: str) -> str:
    """The module of this name with all of ours that it needs, each after those that it imports."""
    vendored: set[str] = set()
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        if name in joined:
            return
        source = (static / "js" / f"{name}.js").read_text()
        joined[name] = ""
        for match in IMPORT.finditer(source):
            if match["name"].startswith("vendor/"):
                vendored.add(match[0])
            else:
                add(match["name"])
        # Last, so that what it imports stands before it.
        del joined[name]
        joined[name] = in_a_function(name, source)

    add(entry)
    exported = ", ".join(exports_of((static / "js" / f"{entry}.js").read_text()))
    last = f"export const {{ {exported} }} = {constant(entry)}\n" if exported else ""
    return "\n".join([*sorted(vendored), *joined.values(), last])


def in_a_function(name: str, source: str) -> str:
    body = IMPORT.sub(lambda match: as_constants(match), source)
    body = EXPORT.sub(r"\1 \g<name>", body)
    if left := re.search(r"^(import|export)\b.*", body, re.M):
        raise ValueError(
            f"js/{name}.js: cannot join {left[0]!r}. Use the forms that playground/joining.py names."
        )
    return (
        f"const {constant(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exports_of(source))} }}\n}})()\n"
    )


def as_constants(match: re.Match[str]) -> str:
    return (
        "" if match["name"].startswith("vendor/") else f"const {match['names']} = {constant(match['name'])}"
    )


def exports_of(source: str) -> list[str]:
    return [match["name"] for match in EXPORT.finditer(source)]


def constant(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name)


JOINED: dict[str, Callable[[Path], str]] = {
    "joined/app.css": join_styles,
    "joined/app.js": lambda static: join_modules(static, "app"),
    "joined/markdown.js": lambda static: join_modules(static, "lib/markdown"),
}


class Joined(Storage):
    """Just enough of a storage for `collectstatic` to read the joined files."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(JOINED[name](settings.BASE_DIR / "static").encode(), name=name)

    def path(self, name: str) -> str:
        return name

    def exists(self, name: str) -> bool:
        return name in JOINED


class JoinedFinder(BaseFinder):
    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        storage = Joined()
        for name in JOINED:
            yield name, storage

"""Hashed and compressed static files, where a stylesheet may name a file that is not there.

KaTeX's stylesheet offers each font in three forms, and only WOFF2, which every browser in use takes, is vendored.
"""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if name.endswith((".woff", ".ttf")):
                return name
            raise

"""Reads the environment. An odd value stops the start with words, instead of meaning something else."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name, str(default)).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in TRUE


def port(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ImproperlyConfigured(f"{name} must be a port from 1 to 65535, not {value!r}.")
    return int(value)


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def is_for_one(host: str, names: list[str]) -> bool:
    """Whether a server at this address and with these names is for its own machine alone."""
    return {host, *names} <= LOOPBACK


def private_folder(path: Path) -> Path:
    """The folder. If it was not there it is made, and only its owner may look inside."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret_file(path: Path) -> str:
    """The secret in this file, made on first use and readable by its owner only."""
    if not path.exists():
        # In a file of its own first: another process must not find it empty, nor a start after a power cut.
        handle, draft = mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Of several that do this at once, the first one stays.
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()

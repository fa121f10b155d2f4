"""A database of its own on PostgreSQL: a figure tells nothing of what stood there before, and leaves nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

# The URL of any database of a server on which another one may be made: what is measured on SQLite is then measured
# there too.
POSTGRESQL = "BENCH_DATABASE_URL"


def names() -> list[str]:
    return ["SQLite", "PostgreSQL"] if os.environ.get(POSTGRESQL) else ["SQLite"]


@contextmanager
def settings_of(name: str) -> Iterator[dict[str, str]]:
    """The environment of a server that has it. SQLite is a file in the server's own folder."""
    if name == "SQLite":
        yield {}
        return
    url, own = os.environ[POSTGRESQL], Identifier(f"bench_{os.getpid()}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(own))
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/bench_{os.getpid()}").geturl()}
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(own))

"""A database of its own on PostgreSQL: a figure tells nothing of what stood there before, and leaves nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from bench.servers import Places, Running, playground

# The URL of any database of a server on which another one may be made: what is measured on SQLite is then measured
# there too.
POSTGRESQL = "BENCH_DATABASE_URL"


def playgrounds(places: Places) -> Iterator[tuple[str, Running]]:
    """One that is not started yet for each kind of database: with SQLite and, if a server is named, PostgreSQL."""
    yield "SQLite", playground("daphne", places.new())
    if url := os.environ.get(POSTGRESQL):
        with database_beside(url) as own:
            server = playground("daphne", places.new())
            server.environment["DATABASE_URL"] = own
            yield "PostgreSQL", server


@contextmanager
def database_beside(url: str) -> Iterator[str]:
    name = f"bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

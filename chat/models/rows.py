"""Many rows at once, where the ORM would build the same statement anew for each of them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, connections, models


def update_rows(model: type[models.Model], rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> None:
    """Write these values where the keys fit. All rows have the same names."""
    if not rows:
        return
    names = [*(name for name in rows[0] if name not in keys), *keys]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [f"{connection.ops.quote_name(field.column)} = %s" for field in fields]
    table, split = connection.ops.quote_name(model._meta.db_table), len(names) - len(keys)
    # Names of our own tables and columns, and parameters.
    update = f"UPDATE {table} SET {', '.join(columns[:split])} WHERE {' AND '.join(columns[split:])}"  # noqa: S608
    values = [
        [field.get_db_prep_save(row[name], connection) for field, name in zip(fields, names, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(update, values)


def insert_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Store these new rows, ids and all."""
    fields: list[Any] = list(model._meta.concrete_fields)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    # Names of our own tables and columns, and parameters.
    insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    # Not through the proxy: it looks for the connection of this thread each time.
    here = connections[connection.alias]
    values = [[field.get_db_prep_save(getattr(row, field.attname), here) for field in fields] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(insert, values)

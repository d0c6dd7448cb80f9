"""Values and statements of the mass paths of capture, on SQLite and on PostgreSQL.

Table and column names are program constants, never input. Adds to the register's `bulk` what the intake needs:
values as raw SQL takes them, and one UPDATE for many rows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from firebreak.engine.registry.bulk import as_json, change, insert, next_ids, select_in

__all__ = [
    "as_json", "change", "execute", "fetch", "insert", "is_postgres", "moment", "next_ids", "read_moment", "read_uid",
    "select_in", "uid", "update",
]


@cache
def is_postgres() -> bool:
    """Which of the two databases this process has; asked thousands of times a batch, so remembered."""
    return connection.vendor == "postgresql"


def moment(value: datetime | None) -> Any:
    """A moment as a parameter of raw SQL."""
    if value is None or is_postgres():
        return value
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ")[:-6]


def read_moment(value: Any) -> Any:
    """A moment as raw SQL gives it, as aware UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def uid(value: UUID) -> Any:
    """An id as a parameter of raw SQL."""
    return value if is_postgres() else value.hex


def read_uid(value: Any) -> UUID:
    """An id as raw SQL gives it."""
    return value if isinstance(value, UUID) else UUID(value)


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def execute(sql: str, params: Sequence[Any] = ()) -> None:
    """Run one statement that gives nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def update(
    table: str, keys: dict[str, str], columns: dict[str, str], rows: Sequence[Sequence[Any]], add: frozenset[str] = frozenset()
) -> None:
    """Change many rows in one statement; each row of values is the keys, then the columns.

    `keys` and `columns` map names to PostgreSQL types; columns in `add` are added to instead of replaced.
    The caller holds the locks of the rows, taken in order.
    """
    if not rows:
        return
    names = [*keys, *columns]
    with connection.cursor() as cursor:
        if is_postgres():
            types = [*keys.values(), *columns.values()]
            sets = ", ".join(f"{name} = t.{name} + v.{name}" if name in add else f"{name} = v.{name}" for name in columns)
            values = ", ".join(f"%s::{kind}[]" for kind in types)
            match = " AND ".join(f"t.{name} = v.{name}" for name in keys)
            cursor.execute(
                f"UPDATE {table} t SET {sets} FROM unnest({values}) AS v({', '.join(names)}) WHERE {match}",
                [list(column) for column in zip(*rows, strict=True)],
            )
            return
        sets = ", ".join(f"{name} = {name} + %s" if name in add else f"{name} = %s" for name in columns)
        match = " AND ".join(f"{name} = %s" for name in keys)
        count = len(keys)
        cursor.executemany(
            f"UPDATE {table} SET {sets} WHERE {match}",
            [(*row[count:], *row[:count]) for row in rows],
        )

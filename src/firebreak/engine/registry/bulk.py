"""Many rows in one statement, on SQLite and on PostgreSQL, for the register's mass paths.

Table and column names are program constants, never input. Call inside a transaction; keys are taken ahead, so
rows that point at each other are written without reading anything back.
"""

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from django.db import connection

_WORTH_A_DETOUR = 200


@contextmanager
def rare_collections() -> Iterator[None]:
    """Mass paths make hundreds of thousands of values and no cycles; looking for cycles costs them a quarter."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 50_000), max(before[1], 20), max(before[2], 50))
    try:
        yield
    finally:
        gc.set_threshold(*before)


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def next_ids(table: str, count: int) -> range | list[int]:
    """Keys for `count` new rows. On SQLite the write lock is already held, so the highest key cannot move."""
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows: one COPY on PostgreSQL; on SQLite by way of a table in memory, which opens each index once."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        if len(rows) < _WORTH_A_DETOUR:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608  constants
            return
        detour = f"incoming_{table}_{crc32(names.encode())}"
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {detour} ({names})")
        cursor.executemany(f"INSERT INTO {detour} VALUES ({places})", rows)  # noqa: S608  constants
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {detour}")  # noqa: S608  constants
        cursor.execute(f"DELETE FROM {detour}")  # noqa: S608  constants


def select_in(sql: str, values: Iterable[Any], kind: str = "text") -> list[tuple[Any, ...]]:
    """Run `sql` with its one place, `{values}`, standing for a set of values of a PostgreSQL type."""
    wanted = list(values)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(sql.format(values=f"(SELECT unnest(%s::{kind}[]))"), [wanted])
        else:
            cursor.execute(sql.format(values="(SELECT value FROM json_each(%s))"), [as_json(wanted)])
        return list(cursor.fetchall())


def change(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one UPDATE or DELETE for each row of parameters."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def as_json(values: Sequence[Any]) -> str:
    """Values as one parameter for SQLite's `json_each`."""
    return json.dumps(values, ensure_ascii=False)

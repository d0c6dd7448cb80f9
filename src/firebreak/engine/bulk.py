"""Many rows in one statement, on SQLite and on PostgreSQL: the mass paths of every domain.

Values as raw SQL takes them, reads and writes of sets. Table and column names are program constants, never input.
Call inside a transaction; keys are taken ahead, so rows that point at each other are written without reading
anything back.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Model
from pydantic_core import from_json, to_json

M = TypeVar("M", bound=Model)
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


@cache
def is_postgres() -> bool:
    """Which of the two databases this process has; asked thousands of times a batch, so remembered."""
    return connection.vendor == "postgresql"


@lru_cache(maxsize=4096)
def moment(value: datetime | None) -> Any:
    """A moment as a parameter of raw SQL; one event's moment goes into four tables, so it is written once."""
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
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
            return
        detour = f"incoming_{table}_{crc32(names.encode())}"
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {detour} ({names})")
        cursor.executemany(f"INSERT INTO {detour} VALUES ({places})", rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {detour}")
        cursor.execute(f"DELETE FROM {detour}")


def select_in(
    sql: str, values: Iterable[Any], kind: str = "text", *, under: int | None = None
) -> list[tuple[Any, ...]]:
    """Run `sql` with its one place, `{values}`, standing for a set of values of a PostgreSQL type.

    `under` makes it a set of pairs, this key and each value: for `(round_id, person_id) IN {values}`. Said as
    `round_id = 7 AND person_id IN …`, PostgreSQL walks a whole new round for each value until it has statistics of it.
    """
    wanted = list(values)
    if not wanted:
        return []
    pair = "" if under is None else f"CAST({int(under)} AS bigint), "
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(sql.format(values=f"(SELECT {pair}unnest(%s::{kind}[]))"), [wanted])
        else:
            cursor.execute(sql.format(values=f"(SELECT {pair}value FROM json_each(%s))"), [as_json(wanted)])
        return list(cursor.fetchall())


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def load(model: type[M], condition: str, params: Sequence[Any]) -> list[M]:
    """Rows of a model by a condition in SQL, without building a query: for look-ups that every batch pays for."""
    names, readers = _columns(model)
    return [
        model(**{name: read(value) for name, read, value in zip(names, readers, row, strict=True)})
        for row in fetch(f"SELECT {', '.join(names)} FROM {model._meta.db_table} WHERE {condition}", params)
    ]


@cache
def _columns(model: type[Model]) -> tuple[list[str], list[Callable[[Any], Any]]]:
    """The columns of a model, and how a value of each is read from raw SQL."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [_READERS.get(field.get_internal_type(), _as_is) for field in fields]


def _as_is(value: Any) -> Any:
    return value


def _read_json(value: Any) -> Any:
    return from_json(value) if isinstance(value, str) else value


_READERS = {"DateTimeField": read_moment, "UUIDField": read_uid, "JSONField": _read_json}


def analyze(*tables: str) -> None:
    """Statistics after many rows at once: PostgreSQL plans by them and would gather them minutes later by itself."""
    if is_postgres():
        execute(f"ANALYZE {', '.join(tables)}")


def execute(sql: str, params: Sequence[Any] = ()) -> None:
    """Run one statement that gives nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def change(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one UPDATE or DELETE for each row of parameters."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


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


def as_json(values: Sequence[Any]) -> str:
    """Values as one parameter for SQLite's `json_each`."""
    return to_json(values).decode()
